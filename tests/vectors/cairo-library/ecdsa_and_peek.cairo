%builtins output range_check range_check96 mul_mod
from starkware.cairo.common.cairo_builtins import ModBuiltin
from starkware.cairo.common.default_dict import default_dict_new
from starkware.cairo.common.dict import dict_write
from starkware.cairo.common.dict_access import DictAccess
from ecdsa_lib import check_ecdsa_signature_cairo

func peek{dict_ptr: DictAccess*}(key) -> (val: felt) {
    alloc_locals;
    local val;
    %{ ids.val = __dict_manager.get_dict(ids.dict_ptr)[ids.key] %}
    return (val=val);
}

func main{output_ptr: felt*, range_check_ptr, range_check96_ptr, mul_mod_ptr: ModBuiltin*}() {
    alloc_locals;
    let (good) = check_ecdsa_signature_cairo(
        987654321987654321,
        1405587907479334962356279551884201765971160741077602064271662255889911031193,
        2206533131058268330873903584318451025304255928424518979083987299427592144889,
        20575642650861791400919015757114058246501303251102044895768949241010787825,
    );
    let (bad) = check_ecdsa_signature_cairo(
        987654321987654322,
        1405587907479334962356279551884201765971160741077602064271662255889911031193,
        2206533131058268330873903584318451025304255928424518979083987299427592144889,
        20575642650861791400919015757114058246501303251102044895768949241010787825,
    );
    let (dict_ptr) = default_dict_new(7);
    dict_write{dict_ptr=dict_ptr}(1, 20);
    let (a) = peek{dict_ptr=dict_ptr}(1);
    let (b) = peek{dict_ptr=dict_ptr}(2);
    assert output_ptr[0] = good;
    assert output_ptr[1] = bad;
    assert output_ptr[2] = a;
    assert output_ptr[3] = b;
    let output_ptr = output_ptr + 4;
    return ();
}
