//! Records and the reasons that are given for them.

use hoptac_model::organisation::{Kind, Status};
use hoptac_model::pack::Measure;
use hoptac_model::register::Register;

use super::world::*;
use crate::board::Explanation;

/// A group of 4, a cooperative of unknown size and a dissolved cooperative of 9, all in `c1`; another in `c2`.
fn register() -> Register {
    let mut register = Register::default();
    establish(&mut register, Kind::Group, "c1", "2022-01-01", Some(4));
    establish(&mut register, Kind::Cooperative, "c1", "2022-01-01", None);
    let last = establish(&mut register, Kind::Cooperative, "c1", "2022-01-01", Some(9));
    then(&mut register, last, "2023-05-01", |state| state.status = Status::Terminated);
    establish(&mut register, Kind::Group, "c2", "2022-01-01", Some(100));
    register
}

fn explain(numerator: &str, denominator: Option<&str>) -> Explanation {
    let mut asked = indicator("i", Measure::Stock, numerator);
    asked.denominator = denominator.map(str::to_owned);
    let board = board(&register(), &pack(vec![asked], Vec::new()), "2023-12-31", OLD);
    board.explain(&"i".into(), &"c1".into(), 2023).unwrap()
}

/// Checks organisation, numerator, denominator, contribution and the reason in Vietnamese.
#[track_caller]
fn check(told: &Explanation, wants: &[(u32, bool, bool, Option<f64>, &str)]) {
    let got: Vec<_> = told
        .records
        .iter()
        .map(|r| (r.organisation, r.in_numerator, r.in_denominator, r.contribution, &*r.why.vi))
        .collect();
    assert_eq!(got, wants);
}

#[test]
fn a_count() {
    let told = explain("COUNT(*) FILTER (WHERE registered AND kind = 'HTX')", None);
    check(
        &told,
        &[
            (1, true, false, Some(1.0), "Được tính: đang tồn tại; loại hình là Hợp tác xã."),
            (
                0,
                false,
                false,
                None,
                "Không được tính: không thỏa điều kiện “loại hình là Hợp tác xã” (loại hình: Tổ hợp tác).",
            ),
            (2, false, false, None, "Không được tính: không thỏa điều kiện “đang tồn tại”."),
        ],
    );
    assert_eq!((told.counted, told.left_out, told.cell.value), (1, 2, Some(1.0)));
    assert_eq!(told.on, day("2023-12-31"));
    assert_eq!(
        told.records[1].why.en,
        "Does not count: “kind is Cooperative” does not hold (kind: Cooperative group)."
    );
}
#[test]
fn a_sum() {
    let told = explain("SUM(members)", None);
    check(
        &told,
        &[
            (0, true, false, Some(4.0), "Được tính với “thành viên” là 4."),
            (2, true, false, Some(9.0), "Được tính với “thành viên” là 9."),
            (1, false, false, None, "Không được tính: chưa có số liệu “thành viên”."),
        ],
    );
    assert_eq!(told.cell.value, Some(13.0));
}
#[test]
fn a_quotient() {
    let told = explain(
        "COUNT(*) FILTER (WHERE registered AND members >= 5)",
        Some("COUNT(*) FILTER (WHERE registered)"),
    );
    check(
        &told,
        &[
            (
                0,
                false,
                true,
                None,
                "Chỉ được tính vào mẫu số: không thỏa điều kiện “thành viên ít nhất 5” (thành viên: 4).",
            ),
            (
                1,
                false,
                true,
                None,
                "Chỉ được tính vào mẫu số: chưa đủ số liệu để biết “thành viên ít nhất 5” (thành viên: chưa có số liệu).",
            ),
            (2, false, false, None, "Không được tính: không thỏa điều kiện “đang tồn tại”."),
        ],
    );
    assert_eq!((told.counted, told.left_out), (2, 1));
    assert_eq!(
        told.formula,
        "COUNT(*) FILTER (WHERE registered AND members >= 5) / COUNT(*) FILTER (WHERE registered)"
    );
}
#[test]
fn parts_of_a_difference_have_signs() {
    let told =
        explain("(COUNT(*) FILTER (WHERE registered) - COUNT(*) FILTER (WHERE ceased)) * 2", None);
    let parts: Vec<_> = told.records.iter().map(|r| (r.organisation, r.contribution)).collect();
    assert_eq!(parts, [(0, Some(2.0)), (1, Some(2.0)), (2, Some(-2.0))]);
    assert_eq!(told.cell.value, Some(2.0));
}
#[test]
fn parts_of_other_calculations() {
    let parts = |formula: &str| -> Vec<Option<f64>> {
        explain(formula, None).records.iter().map(|record| record.contribution).collect()
    };
    assert_eq!(parts("-SUM(members)"), [Some(-4.0), Some(-9.0), None]);
    assert_eq!(parts("10 * SUM(members) / 4"), [Some(10.0), Some(22.5), None]);
    assert_eq!(parts("COALESCE(SUM(members), 0)"), [Some(4.0), Some(9.0), None]);
    // Nobody has a part in a number that is added to all, or in a quotient of sums.
    assert_eq!(parts("SUM(members) + 1"), [None, None, None]);
    assert_eq!(parts("SUM(members) / COUNT(*)"), [None, None, None]);
}
#[test]
fn parts_of_an_average_do_not_add_up() {
    let told = explain("AVG(members)", None);
    assert_eq!(told.cell.value, Some(6.5));
    assert!(told.records.iter().all(|record| record.contribution.is_none()));
    assert_eq!(told.counted, 2);
}
#[test]
fn a_quotient_of_sums_is_written_with_parentheses() {
    let told = explain("SUM(members) + 1", Some("COUNT(*) - 1"));
    assert_eq!(told.formula, "(SUM(members) + 1) / (COUNT(*) - 1)");
}
