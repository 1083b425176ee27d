//! Moving in from DHIS2: units and values as it exports them, looked over, filed in one transaction, taken back as a whole.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{own_demo, refused, run, text};

fn told(demo: &Path, words: &[&str], code: i32) -> Value {
    let output = run(demo, words);
    assert_eq!(output.status.code(), Some(code), "{words:?}: {}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_dhis2_exports_is_previewed_filed_and_taken_back() {
    let demo = own_demo();
    let demo = demo.path();
    let file = |name: &str, text: &str| {
        let path = demo.join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let units = file(
        "units.json",
        r#"{"organisationUnits":[
            {"id":"Vth0fbpFcsO","code":"99999","name":"Xã Ví dụ Mới","level":4,"parent":{"id":"O6uvpzGd5pu","code":"20"},"openingDate":"2026-01-01T00:00:00.000"},
            {"id":"O6uvpzGd5pu","code":"20","name":"Tỉnh Lạng Sơn","level":2}]}"#,
    );
    let before = run(demo, &["unit", "list", "--json"]).stdout;
    let preview = told(demo, &["import", &units, "--dry-run", "--json"], 0);
    assert_eq!(
        (&preview["form"], &preview["import"]),
        (&"units".into(), &Value::Null),
        "{preview}"
    );
    assert_eq!(preview["counts"]["new"], 1, "{preview}");
    assert!(run(demo, &["unit", "list", "--json"]).stdout == before, "a preview changes nothing");
    let taken = told(demo, &["import", &units, "--accept", "good", "--json"], 0);
    assert_eq!(taken["filings"], 1, "{taken}");
    let unit = run(demo, &["unit", "show", "99999", "--json"]);
    assert!(unit.status.success(), "{}", text(&unit.stderr));
    let import = taken["import"].as_str().unwrap();
    let undo = run(demo, &["import", "undo", import, "--reason", "thử"]);
    assert!(undo.status.success(), "{}", text(&undo.stderr));
    assert!(!run(demo, &["unit", "show", "99999", "--json"]).status.success());

    // Values by code are figures; one whose element is DHIS2's own identity, or whose month is no period of ours, is told.
    let values = file(
        "values.csv",
        "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value,storedby,lastupdated,comment,followup\n\
         groups,2024,20,default,default,361,an.nguyen,2025-01-15,,false\n\
         fbfJHSPpUQD,2024,20,default,default,12,an.nguyen,2025-01-15,,false\n\
         groups,202403,20,default,default,350,an.nguyen,2025-01-15,,false\n\
         groups,2023,20,default,default,NaN,an.nguyen,2025-01-15,,false\n",
    );
    let preview = told(demo, &["import", &values, "--dry-run", "--json"], 1);
    assert_eq!(preview["form"], "figures");
    assert_eq!(
        (&preview["counts"]["new"], &preview["counts"]["rejected"]),
        (&1.into(), &3.into()),
        "{preview}"
    );
    assert!(preview.to_string().contains("fbfJHSPpUQD"));
    assert!(!preview.to_string().contains("an.nguyen"), "who keyed it in is left behind");
    let taken = told(demo, &["import", &values, "--accept", "good", "--json"], 1);
    assert_eq!(taken["filings"], 1);
    let figures = text(&run(demo, &["figures", "--series", "groups", "--json"]).stdout);
    assert!(figures.contains("dhis2-groups-20-2024"), "{figures}");
    assert!(run(demo, &["verify"]).status.success());

    let cut = file("cut.json", r#"{"dataValues":[{"dataElement":"groups","#);
    refused(demo, &["import", &cut], 2, &["bị hỏng hoặc chưa tải lên hết", "damaged"]);
}
