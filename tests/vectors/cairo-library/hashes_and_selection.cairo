%builtins output range_check bitwise
from starkware.cairo.builtin_selection.select_builtins import select_builtins
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.cairo_sha256.sha256_utils import finalize_sha256
from starkware.cairo.common.ec import StarkCurve
from starkware.cairo.common.ec_point import EcPoint
from starkware.cairo.common.keccak_state import KeccakBuiltinState
from ec_op_lib import simulate_builtin_ec_op_with_cairo
from simkeccak_lib import keccak_builtin_state_to_felts

func main{output_ptr: felt*, range_check_ptr, bitwise_ptr: BitwiseBuiltin*}() {
    alloc_locals;
    let (local a: felt*) = alloc();
    assert a[0] = 1633837952;
    assert a[1] = 0;
    assert a[2] = 0;
    assert a[3] = 0;
    assert a[4] = 0;
    assert a[5] = 0;
    assert a[6] = 0;
    assert a[7] = 0;
    assert a[8] = 0;
    assert a[9] = 0;
    assert a[10] = 0;
    assert a[11] = 0;
    assert a[12] = 0;
    assert a[13] = 0;
    assert a[14] = 0;
    assert a[15] = 24;
    assert a[16] = 1779033703;
    assert a[17] = 3144134277;
    assert a[18] = 1013904242;
    assert a[19] = 2773480762;
    assert a[20] = 1359893119;
    assert a[21] = 2600822924;
    assert a[22] = 528734635;
    assert a[23] = 1541459225;
    assert a[24] = 3128432319;
    assert a[25] = 2399260650;
    assert a[26] = 1094795486;
    assert a[27] = 1571693091;
    assert a[28] = 2953011619;
    assert a[29] = 2518121116;
    assert a[30] = 3021012833;
    assert a[31] = 4060091821;
    assert a[32] = 1;
    assert a[33] = 2;
    assert a[34] = 3;
    assert a[35] = 4;
    assert a[36] = 5;
    assert a[37] = 6;
    assert a[38] = 7;
    assert a[39] = 8;
    assert a[40] = 9;
    assert a[41] = 10;
    assert a[42] = 11;
    assert a[43] = 12;
    assert a[44] = 13;
    assert a[45] = 14;
    assert a[46] = 15;
    assert a[47] = 16;
    assert a[48] = 3128432319;
    assert a[49] = 2399260650;
    assert a[50] = 1094795486;
    assert a[51] = 1571693091;
    assert a[52] = 2953011619;
    assert a[53] = 2518121116;
    assert a[54] = 3021012833;
    assert a[55] = 4060091821;
    assert a[56] = 2617895133;
    assert a[57] = 4010972447;
    assert a[58] = 2445736686;
    assert a[59] = 3692895857;
    assert a[60] = 1116703556;
    assert a[61] = 3701244562;
    assert a[62] = 4154334766;
    assert a[63] = 3526715350;
    finalize_sha256(a, a + 64);
    let (local words: felt*) = alloc();
    keccak_builtin_state_to_felts(
        KeccakBuiltinState(
            s0=2 ** 199 + 17, s1=2 ** 150 - 5, s2=3 ** 120, s3=4, s4=5 ** 80, s5=6, s6=7 ** 70, s7=2 ** 200 - 1
        ),
        words,
    );
    let (local all: felt*) = alloc();
    let (local ptrs: felt*) = alloc();
    let (local chosen: felt*) = alloc();
    let (local chosen_ptrs: felt*) = alloc();
    assert all[0] = 'output';
    assert all[1] = 'pedersen';
    assert all[2] = 'range_check';
    assert ptrs[0] = 10;
    assert ptrs[1] = 20;
    assert ptrs[2] = 30;
    assert chosen[0] = 'output';
    assert chosen[1] = 'range_check';
    select_builtins(
        n_builtins=3,
        all_encodings=all,
        all_ptrs=ptrs,
        n_selected_builtins=2,
        selected_encodings=chosen,
        selected_ptrs=chosen_ptrs,
    );
    local p: EcPoint = EcPoint(
        x=0x6a4beaef5a93425b973179cdba0c9d42f30e01a5f1e2db73da0884b8d6756fc,
        y=0x72565ec81bc09ff53fbfad99324a92aa5b39fb58267e395e8abe36290ebf24f,
    );
    local q: EcPoint = EcPoint(x=StarkCurve.GEN_X, y=StarkCurve.GEN_Y);
    let (r) = simulate_builtin_ec_op_with_cairo(p, 34, q);
    assert output_ptr[0] = words[24];
    assert output_ptr[1] = chosen_ptrs[1];
    assert output_ptr[2] = r.x;
    let output_ptr = output_ptr + 3;
    return ();
}
