//! Links, certificates, check-lists, support and unions from the command line: what goes well is told as JSON, what does
//! not is refused with the path of its field.

use serde_json::{Value, json};

use super::{ALIVE, ENDED, Office, said};

const UNION: &str = "organisation/01900000-0000-7000-8000-000000000003";

impl Office {
    /// An office with a union besides.
    fn with_union() -> Self {
        let office = Self::new();
        let name = "Liên hiệp hợp tác xã Chi Lăng";
        let body = json!({"kind": "LHHTX", "name": name, "seat": "06433", "vsic": "A", "members": 4, "code": "4900000017"});
        office.files(UNION, "establish", "2021-01-01", &body);
        office
    }

    /// What a command answers in JSON.
    #[track_caller]
    fn answers(&self, words: &str, more: &[&str]) -> Value {
        let mut arguments: Vec<&str> = words.split_whitespace().collect();
        arguments.extend(more);
        arguments.push("--json");
        let output = self.run(&arguments, "");
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    #[track_caller]
    fn is_refused(&self, words: &str, more: &[&str], wants: &[&str]) {
        let mut arguments: Vec<&str> = words.split_whitespace().collect();
        arguments.extend(more);
        self.refuses(&arguments, "", wants);
    }
}

/// The values at a pointer of each entry of a list.
fn each(answer: &Value, list: &str, pointer: &str) -> Vec<Value> {
    let entries = answer[list].as_array().unwrap();
    entries.iter().map(|entry| entry.pointer(pointer).cloned().unwrap_or_default()).collect()
}

#[test]
fn a_contract_is_signed_changed_and_ended() {
    let office = Office::new();
    let buyer = ["--partner", "0100233488", "--partner-name", "Công ty Hồi Lạng"];
    let sign = format!(
        "link sign {ALIVE} HĐ-1 --stages input,sale --volume 5000 --value 250000000 \
         --to 2025-12-31 --effective-on 2023-06-01 --product na"
    );
    let signed = office.answers(&sign, &buyer);
    assert_eq!(signed["accepted"]["kind"], "link.sign");
    office.answers(
        &format!("link change {ALIVE} HĐ-1 --volume 8000 --effective-on 2024-01-01"),
        &["--reason", "phụ lục 1"],
    );
    let shown = office.answers(&format!("link show {ALIVE} HĐ-1"), &[]);
    assert_eq!(shown["in_force"], true);
    assert_eq!(each(&shown, "terms", "/from"), [json!("2023-06-01"), json!("2024-01-01")]);
    assert_eq!(each(&shown, "terms", "/to"), [json!("2023-12-31"), json!("2025-12-31")]);
    let listed = office.answers("link list --as-of 2023-12-31", &[]);
    assert_eq!(each(&listed, "contracts", "/link"), [json!("HĐ-1")]);
    let chain = office.answers("link chain", &[]);
    assert_eq!(each(&chain, "dependence", "/largest_name"), [json!("Công ty Hồi Lạng")]);
    office.answers(&format!("link end {ALIVE} HĐ-1 --effective-on 2024-06-30"), &[]);
    assert_eq!(office.answers("link list", &[])["contracts"], json!([]));
    assert_eq!(each(&office.answers("link list --all", &[]), "contracts", "/link"), ["HĐ-1"]);
    // Nothing of it had been recorded on the day before.
    let before = office.answers("link list --as-of 2024-01-01 --known-on 2024-08-31", &[]);
    assert_eq!(before["contracts"], json!([]));
}

#[test]
fn contracts_that_cannot_be() {
    let office = Office::new();
    let buyer = ["--partner", "x", "--partner-name", "Công ty X", "--product", "na"];
    let sign = |who: &str, rest: &str| format!("link sign {who} HĐ-1 {rest}");
    office.is_refused(&sign(ALIVE, "--stages sell"), &buyer, &["body.stages.0", "`sale`"]);
    office.is_refused(
        &sign(ALIVE, "--stages sale --to 2023-01-01 --effective-on 2023-06-01"),
        &buyer,
        &["link.days"],
    );
    office.is_refused(
        &sign(ALIVE, "--stages sale --value -5 --volume 0"),
        &buyer,
        &["value", "volume"],
    );
    office.is_refused(
        &sign(ENDED, "--stages sale --effective-on 2023-06-01"),
        &buyer,
        &["organisation.terminated"],
    );
    office.is_refused(&sign("4900123999", "--stages sale"), &buyer, &["4900123999"]);
    office.is_refused(&sign(ALIVE, "--stages sale --to 2024-02-30"), &buyer, &["2024-02-30"]);
    office.is_refused(&format!("link show {ALIVE} HĐ-9"), &[], &["HĐ-9"]);
    office.is_refused(&format!("link end {ALIVE} HĐ-9"), &[], &["HĐ-9"]);
    office.is_refused(&format!("link change {ALIVE} HĐ-9 --volume 3"), &[], &["HĐ-9"]);
    office.is_refused("link list --unit 77777", &[], &["77777"]);
}

#[test]
fn the_same_contract_twice_and_two_at_once() {
    let office = Office::new();
    let buyer = ["--partner", "x", "--partner-name", "Công ty X", "--product", "na"];
    let sign = |link: &str, rest: &str| {
        format!("link sign {ALIVE} {link} --stages sale --effective-on 2024-01-01 {rest}")
    };
    let first = office.answers(&sign("HĐ-1", "--key to-khai-1"), &buyer);
    let again = office.answers(&sign("HĐ-1", "--key to-khai-1"), &buyer);
    assert_eq!(first["accepted"]["position"], again["accepted"]["position"]);
    assert_eq!((&first["repeated"], &again["repeated"]), (&json!(false), &json!(true)));
    // Without the key it is another filing about a contract that is there.
    office.is_refused(&sign("HĐ-1", ""), &buyer, &["HĐ-1"]);
    // Both looked at version 2; who comes second is told.
    office.answers(&sign("HĐ-2", "--expected-version 2"), &buyer);
    office.is_refused(
        &sign("HĐ-3", "--expected-version 2"),
        &buyer,
        &["từ phiên bản 2 thành 3", "link.sign"],
    );
}

#[test]
fn a_certificate_is_held_expires_and_is_withdrawn() {
    let office = Office::new();
    let product = ["--product", "Na dai"];
    let certify = format!(
        "product certify {ALIVE} OCOP-1 --kind ocop --score-tenths 725 --effective-on 2023-01-01"
    );
    office.answers(&certify, &product);
    let shown = office.answers(&format!("product show {ALIVE}"), &[]);
    assert_eq!(each(&shown, "certificates", "/stars"), [json!(4)]);
    assert_eq!(each(&shown, "certificates", "/to"), [json!("2025-12-31")]);
    assert_eq!(each(&shown, "certificates", "/holds"), [json!(true)]);
    let ends = office.answers("product expiring --within 6", &[]);
    assert_eq!(ends["certificates"], json!([]));
    let ends = office.answers("product expiring --within 18", &[]);
    assert_eq!(each(&ends, "certificates", "/certificate"), ["OCOP-1"]);
    office.answers(
        &format!("product withdraw {ALIVE} OCOP-1 --effective-on 2024-05-01"),
        &["--reason", "không đạt khi kiểm tra lại"],
    );
    assert_eq!(office.answers("product list --kind ocop", &[])["certificates"], json!([]));
    let then = office.answers("product list --as-of 2024-04-30", &[]);
    assert_eq!(each(&then, "certificates", "/certificate"), ["OCOP-1"]);
}

#[test]
fn certificates_that_cannot_be() {
    let office = Office::new();
    let product = ["--product", "Na dai"];
    let certify = |who: &str, rest: &str| format!("product certify {who} C-1 {rest}");
    office.is_refused(&certify(ALIVE, "--kind ocopp"), &product, &["certificate.kind", "ocop"]);
    office.is_refused(&certify(ALIVE, "--kind ocop"), &product, &["certificate.no-stars"]);
    office.is_refused(
        &certify(ALIVE, "--kind ocop --stars 5 --score-tenths 725"),
        &product,
        &["certificate.stars-score"],
    );
    office.is_refused(
        &certify(ALIVE, "--kind vietgap --to 2023-01-01 --effective-on 2024-01-01"),
        &product,
        &["certificate.days"],
    );
    office.is_refused(
        &certify(ENDED, "--kind vietgap --effective-on 2023-01-01"),
        &product,
        &["organisation.terminated"],
    );
    let why = ["--reason", "hết hạn"];
    office.is_refused(&format!("product withdraw {ALIVE} C-9"), &why, &["certificate.unknown"]);
}

#[test]
fn a_check_list_counts_from_as_many_items_as_the_plan_asks() {
    let office = Office::new();
    let confirm = |items: &str, day: &str| {
        format!(
            "practice confirm {ALIVE} digital --items {items} --by so-thong-tin-va-truyen-thong --effective-on {day}"
        )
    };
    let digital = |more: &str| {
        let shown = office.answers(&format!("practice show {ALIVE} {more}"), &[]);
        let lists = shown["practices"].as_array().unwrap().clone();
        let digital = lists.into_iter().find(|list| list["practice"] == "digital").unwrap();
        (digital["items_held"].clone(), digital["counts"].clone())
    };
    office.answers(&confirm("traceability", "2023-03-01"), &[]);
    assert_eq!(digital(""), (json!(1), json!(false)));
    office.answers(&confirm("production-diary", "2023-06-01"), &[]);
    assert_eq!(digital(""), (json!(2), json!(true)));
    assert_eq!(digital("--as-of 2023-05-31"), (json!(1), json!(false)));
    office.answers(
        &format!("practice withdraw {ALIVE} digital --by so-thong-tin-va-truyen-thong --effective-on 2024-01-01"),
        &["--reason", "đã ngừng áp dụng"],
    );
    assert_eq!(office.answers("practice list --practice digital", &[])["practices"], json!([]));
}

#[test]
fn check_lists_that_cannot_be() {
    let office = Office::new();
    office.is_refused(
        &format!(
            "practice confirm {ALIVE} digitl --items traceability --by so-thong-tin-va-truyen-thong"
        ),
        &[],
        &["digital"],
    );
    office.is_refused(
        &format!(
            "practice confirm {ALIVE} digital --items tracability --by so-thong-tin-va-truyen-thong"
        ),
        &[],
        &["practice.item", "traceability"],
    );
    // An agency may be of another plan, so that it is only warned of.
    let confirm = format!("practice confirm {ALIVE} digital --items traceability --by so-nao-do");
    let checked = office.answers(&format!("{confirm} --check"), &[]);
    assert!(checked.to_string().contains("practice.agency"), "{checked}");
    office.is_refused(
        &format!(
            "practice confirm {ENDED} digital --items traceability --by so-thong-tin-va-truyen-thong \
             --effective-on 2023-01-01"
        ),
        &[],
        &["organisation.terminated"],
    );
    office.is_refused("practice list --practice digitl", &[], &["digital"]);
}

#[test]
fn an_application_is_decided_paid_and_paid_back() {
    let office = Office::new();
    let apply = format!(
        "support apply {ALIVE} nd98-tu-van HT-01 --amount 200000000 --no-penalty \
         --effective-on 2024-03-01"
    );
    office.answers(&apply, &["--purpose", "Tư vấn liên kết"]);
    let decide = format!(
        "support decide {ALIVE} HT-01 --grant 150000000 --date 2024-04-01 --number 12/QĐ \
         --effective-on 2024-04-01"
    );
    office.answers(&decide, &["--issuer", "UBND tỉnh"]);
    let pay = |amount: u32, day: &str| {
        format!("support pay {ALIVE} HT-01 --amount {amount} --document UNC-1 --effective-on {day}")
    };
    office.answers(&pay(100_000_000, "2024-05-01"), &[]);
    // One hundred of a hundred and fifty million are paid.
    office.is_refused(&pay(50_000_001, "2024-06-01"), &[], &["support.ceiling", "50.000.000"]);
    office.is_refused(&pay(1, "2024-03-15"), &[], &["support.days"]);
    let repay = format!(
        "support repay {ALIVE} HT-01 --amount 20000000 --document GNT-1 --effective-on 2024-07-01"
    );
    office.answers(&repay, &["--reason", "không dùng hết"]);
    let shown = office.answers(&format!("support show {ALIVE}"), &[]);
    assert_eq!(each(&shown, "applications", "/standing"), ["approved"]);
    assert_eq!(each(&shown, "applications", "/paid"), [json!(80_000_000)]);
    let then = office.answers(&format!("support show {ALIVE} --as-of 2024-05-31"), &[]);
    assert_eq!(each(&then, "applications", "/paid"), [json!(100_000_000)]);
    let programmes = office.answers("support programmes", &[]);
    let sums = each(&programmes, "programmes", "/committed");
    assert_eq!(sums, [json!(150_000_000), json!(0)]);
    let outcome = office.answers("support outcome nd98-tu-van", &[]);
    assert_eq!(each(&outcome, "outcomes", "/paid"), [json!(80_000_000)]);
}

#[test]
fn who_may_get_support_is_told_condition_by_condition() {
    let office = Office::new();
    let told = office.answers("support eligible nd98-ha-tang", &[]);
    assert_eq!(each(&told, "organisations", "/organisation/name"), ["Hợp tác xã Na Chi Lăng"]);
    // It sells to nobody under contract, and the programme asks for that.
    assert_eq!(each(&told, "organisations", "/verdict"), ["not_met"]);
    let conditions = told.pointer("/organisations/0/conditions").unwrap();
    let missed: Vec<&Value> = conditions
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["verdict"] == "not_met")
        .map(|one| &one["condition"])
        .collect();
    assert_eq!(missed, ["condition"]);
    let ranked = office.answers("support rank nd98-ha-tang", &[]);
    assert_eq!(ranked["organisations"], json!([]));
    let ranked = office.answers("support rank nd98-tu-van", &[]);
    assert_eq!(each(&ranked, "organisations", "/verdict"), ["unknown"]);
}

#[test]
fn support_that_cannot_be() {
    let office = Office::with_union();
    let purpose = ["--purpose", "Tư vấn"];
    let apply = |who: &str, programme: &str, rest: &str| {
        format!("support apply {who} {programme} HT-01 {rest}")
    };
    office.is_refused(
        &apply(ALIVE, "nd98", "--amount 5"),
        &purpose,
        &["support.programme", "`nd98`"],
    );
    office.is_refused(&apply(ALIVE, "nd98-tu-van", "--amount 0"), &purpose, &["support.amount"]);
    office.is_refused(
        &apply(ENDED, "nd98-tu-van", "--amount 5 --effective-on 2021-06-01"),
        &["--purpose", ""],
        &["text.empty", "purpose"],
    );
    office.is_refused(
        &apply(ENDED, "nd98-tu-van", "--amount 5 --effective-on 2023-06-01"),
        &purpose,
        &["organisation.terminated"],
    );
    let decide = format!("support decide {ALIVE} HT-9 --grant 5 --date 2024-01-01 --number 1/QĐ");
    office.is_refused(&decide, &["--issuer", "UBND tỉnh"], &["support.unknown", "HT-9"]);
    let pay = format!("support pay {ALIVE} HT-9 --amount 5 --document UNC");
    office.is_refused(&pay, &[], &["support.unknown"]);
    let cancel = format!("support cancel {ALIVE} HT-9");
    office.is_refused(&cancel, &["--reason", "rút"], &["support.unknown"]);
    office.is_refused("support eligible nd99", &[], &["nd99"]);
    office.is_refused("support outcome nd99", &[], &["nd99"]);
    // A payment before its decision.
    office.answers(&apply(ALIVE, "nd98-tu-van", "--amount 5"), &purpose);
    let pay = format!("support pay {ALIVE} HT-01 --amount 5 --document UNC");
    office.is_refused(&pay, &[], &["support.not-approved"]);
    office.is_refused(&apply(ALIVE, "nd98-tu-van", "--amount 5"), &purpose, &["support.exists"]);
}

#[test]
fn a_programme_is_known_from_the_day_it_was_opened() {
    let office = Office::new();
    let programme = json!({
        "id": "xttm-2024", "policy": "P25", "source": "Quyết định 5/QĐ-UBND", "opens": "2024-01-01",
        "title": {"vi": "Xúc tiến thương mại", "en": "Trade promotion"}, "kinds": ["HTX"],
        "per_organisation": 50_000_000, "budget": 20_000_000});
    let file = office.0.path().join("chuong-trinh.json");
    std::fs::write(&file, programme.to_string()).unwrap();
    let file = file.to_str().unwrap();
    // Nobody can get more than there is.
    let wrong = ["support", "open", file];
    office.refuses(&wrong, "", &["programme"]);
    let mut right = programme;
    right["budget"] = json!(90_000_000);
    std::fs::write(file, right.to_string()).unwrap();
    office.answers("support open", &[file]);
    let ids = |words: &str| each(&office.answers(words, &[]), "programmes", "/programme/id");
    assert_eq!(ids("support programmes").len(), 3);
    assert_eq!(ids("support programmes --known-on 2024-08-31").len(), 0);
    office.refuses(
        &["support", "eligible", "xttm-2024", "--known-on", "2024-08-31"],
        "",
        &["xttm-2024"],
    );
}

#[test]
fn a_union_has_its_members_through_time() {
    let office = Office::with_union();
    let union = UNION.trim_start_matches("organisation/");
    office.files(ALIVE, "union.join", "2022-01-01", &json!({ "union": union }));
    let unions = office.answers("union list", &[]);
    assert_eq!(each(&unions, "unions", "/members"), [json!(1)]);
    assert_eq!(each(&unions, "unions", "/enough"), [json!(false)]);
    office.files(ALIVE, "union.leave", "2023-12-31", &json!({ "union": union }));
    let shown = office.answers(&format!("union show {UNION}"), &[]);
    assert_eq!(each(&shown, "unions", "/members"), [json!(0)]);
    assert_eq!(each(&shown, "unions", "/through_time/0/to"), ["2023-12-31"]);
    let then = office.answers(&format!("union show {UNION} --as-of 2023-06-01"), &[]);
    assert_eq!(each(&then, "unions", "/members"), [json!(1)]);
    office.is_refused("union show 4900123999", &[], &["4900123999"]);
    let nowhere = json!({"kind": "union.leave", "subject": ALIVE, "effective_on": "2024-06-01", "body": {"union": union}});
    office.refuses_filing(&nowhere, &["union."]);
    let itself = json!({"kind": "union.join", "subject": ALIVE, "effective_on": "2024-06-01", "body": {"union": ALIVE.trim_start_matches("organisation/")}});
    office.refuses_filing(&itself, &["union."]);
}

#[test]
fn particulars_are_registered_changed_and_taken_away() {
    let office = Office::new();
    let body = json!({
        "short_name": "HTX Na", "phone": "0205 3812 345",
        "representative": {"name": "Nguyễn Văn Mẫu", "title": "Chủ tịch Hội đồng quản trị"},
        "branches": [{"kind": "office", "name": "Văn phòng Lạng Sơn", "seat": "06433"}]});
    office.files(ALIVE, "particulars.change", "2023-01-01", &body);
    let lines = json!({"scheme": "27/2018/QĐ-TTg", "lines": ["0118"]});
    let notified = office.files(ALIVE, "notify", "2023-03-01", &lines);
    office.files(
        ALIVE,
        "particulars.change",
        "2024-01-01",
        &json!({"phone": "", "address": "Thôn 1"}),
    );
    let show = |more: &str| {
        let shown = office.answers(&format!("org show {ALIVE} {more}"), &[]);
        shown["particulars"].clone()
    };
    let now = show("");
    assert_eq!((&now["short_name"], &now["phone"]), (&json!("HTX Na"), &Value::Null));
    assert_eq!((&now["address"], &now["lines"]), (&json!("Thôn 1"), &json!(["0118"])));
    assert_eq!(now["branches"][0]["seat"], "06433");
    let then = show("--as-of 2023-02-01");
    assert_eq!((&then["phone"], &then["lines"]), (&json!("0205 3812 345"), &Value::Null));
    // A notice that is struck takes its lines with it.
    let strike = json!({"filing": notified["accepted"]["id"], "reason": "ghi nhầm"});
    office.files(ALIVE, "correct", "2024-08-01", &strike);
    assert_eq!(show("")["lines"], Value::Null);
    let told = said(&office.run(&["org", "show", ALIVE], ""));
    assert!(told.contains("Nguyễn Văn Mẫu (Chủ tịch Hội đồng quản trị)"), "{told}");
    assert!(told.contains("Văn phòng đại diện"), "{told}");
}

#[test]
fn particulars_that_are_odd_or_cannot_be() {
    let office = Office::new();
    let filing = |subject: &str, body: Value| json!({"kind": "particulars.change", "subject": subject, "effective_on": "2024-08-30", "body": body});
    office.refuses_filing(&filing(ALIVE, json!({})), &["change.empty"]);
    office.refuses_filing(
        &filing(
            ALIVE,
            json!({"branches": [{"kind": "shop", "name": "Chi nhánh 1"}], "phones": "1"}),
        ),
        &["body.branches.0.kind", "body.phones", "`phone`"],
    );
    office.refuses_filing(
        &filing(
            ALIVE,
            json!({"branches": [{"kind": "branch", "name": "", "seat": "99999"}], "lines": ["12"],
                "representative": {"name": " ", "title": "Giám đốc"}}),
        ),
        &["branches.0.name", "particulars.seat", "notify.line", "representative.name"],
    );
    office.refuses_filing(
        &filing(ENDED, json!({"phone": "0912345678"})),
        &["organisation.terminated"],
    );
    let odd = json!({"phone": "113", "email": "htx.na", "tax_code": "0100233480",
        "branches": [{"kind": "branch", "name": "Chi nhánh 1", "code": "1"}]});
    let output = office.run(&["filing", "check", "-"], &filing(ALIVE, odd).to_string());
    assert!(output.status.success(), "{}", said(&output));
    for code in ["phone", "email", "tax-code", "branch-code"] {
        let told = said(&output);
        assert!(told.contains(&format!("particulars.{code}")), "{code}: {told}");
    }
}

#[test]
fn what_has_gone_on_too_long_is_warned_of() {
    let office = Office::new();
    let warned = office.answers("org warnings", &[]);
    assert_eq!(warned["counts"], json!({"no_report": 1}));
    assert_eq!(each(&warned, "warnings", "/since"), ["2022-12-15"]);
    assert_eq!(each(&warned, "warnings", "/organisation/name"), ["Hợp tác xã Na Chi Lăng"]);
    let told = said(&office.run(&["org", "warnings"], ""));
    assert!(told.contains("15/12/2022") && told.contains("Điều 103"), "{told}");
    // Before the law of 2023 there was no such ground.
    let before = office.answers("org warnings --as-of 2024-06-30", &[]);
    assert_eq!(before["warnings"], json!([]));
    let accept = json!({"year": 2023, "form_version": 1, "values": {"members_total": 9}});
    let words = ["return", "accept", ALIVE, "--file", "-", "--effective-on", "2023-12-10"];
    let filed = office.run(&words, &accept.to_string());
    assert!(filed.status.success(), "{}", said(&filed));
    assert_eq!(office.answers("org warnings", &[])["warnings"], json!([]));
    office.is_refused("org warnings --unit 77777", &[], &["77777"]);
}
