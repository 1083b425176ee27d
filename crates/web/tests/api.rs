//! The interface for programs: what is given to whom, in which form, and what is said about everything that is wrong.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

#[path = "api/instance.rs"]
mod instance;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use hoptac_model::filing::Subject;
use hoptac_office::key::{Key, Token};
use hoptac_store::TokenKind;
use hoptac_web::app::App;
use hoptac_web::public::PublicSide;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::instance::{Answer, Instance, NOW};

/// Sends the form of the public side as a browser would that opened it a while ago.
async fn write(app: &App, to: &str, browser: u8, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let key = Key::new([9; 32]);
    let token = Token::new([browser; 32]);
    let form_token = key.code("form", &token.reveal()).to_string();
    let second = NOW.as_second() - 60;
    let code = key.code("feedback-form", &format!("{second} {form_token}"));
    let sum = (code.0[0] % 8 + code.0[1] % 8 + 4).to_string();
    let seal = format!("{second}.{code}");
    let mut all = vec![("ma_bieu_mau", form_token.as_str()), ("dau", &seal), ("tong", &sum)];
    all.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
    all.extend_from_slice(fields);
    let body: Vec<String> =
        all.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
    let request = Request::post(to)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", format!("hoptac-form={}", token.reveal()))
        .header("accept-language", "en")
        .body(Body::from(body.join("&")))
        .unwrap();
    let answer = hoptac_web::router(app.clone()).oneshot(request).await.unwrap();
    let status = answer.status();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body = to_bytes(answer.into_body(), 1_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn what_the_public_writes_becomes_one_task_a_day_and_is_kept_sealed() {
    const TO: &str = "/cong-khai/gop-y?lang=en";
    let instance = Instance::new().await;
    let app = instance.app.clone().with_public_side(PublicSide { least: 3, licence: None });
    let words = "The market has no stall for our vegetables";
    let sent = |fields: &[(&'static str, &'static str)]| {
        let mut all = vec![("don-vi", "20"), ("ve", "T30-01")];
        all.extend_from_slice(fields);
        all
    };
    let before = instance.store.position().await.unwrap();

    // What no person would send.
    for (fields, browser, said) in [
        (vec![("y-kien", words), ("dau", "1.2")], 1, "no longer good"),
        (vec![("y-kien", words), ("tong", "99")], 2, "the sum is not right"),
        (vec![("y-kien", words), ("tong", "NaN")], 2, "the sum is not right"),
        (vec![("y-kien", "short")], 3, "at least 10 letters"),
        (vec![("y-kien", "buy http://a http://b www.c at once")], 4, "at most 2 addresses"),
    ] {
        let (status, page) = write(&app, TO, browser, &sent(&fields)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains(said), "{said}: {page}");
    }
    let (status, _) =
        write(&app, TO, 5, &sent(&[("y-kien", words), ("website", "http://x")])).await;
    assert_eq!(status, StatusCode::OK, "a machine is told that all is well");
    assert_eq!(instance.store.position().await.unwrap(), before);
    assert!(instance.store.feedback(9).await.unwrap().is_empty());

    // What people send: one task for all of a day, the words sealed and never in the ledger.
    let (status, page) = write(&app, TO, 6, &sent(&[("y-kien", words)])).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let again = write(&app, TO, 6, &sent(&[("y-kien", words)])).await;
    assert!(again.1.contains("sent already"), "{}", again.1);
    let same = write(&app, TO, 7, &sent(&[("y-kien", words)])).await;
    // The app may have come to the task in between, which moves the position at the page's foot.
    let above_foot = |page: &str| page.split("<footer>").next().map(str::to_owned);
    assert_eq!(same.0, StatusCode::OK);
    assert!(page.contains("<footer>"), "{page}");
    assert_eq!(above_foot(&same.1), above_foot(&page), "the same words have the same code");
    let (status, _) =
        write(&app, TO, 8, &sent(&[("y-kien", "Another thing that should be known")])).await;
    assert_eq!(status, StatusCode::OK);
    let kept = instance.store.feedback(9).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(instance.store.position().await.unwrap(), before + 1);
    let task = instance.store.filings_about(&Subject::task(&kept[0].task)).await.unwrap();
    assert_eq!((task.len(), task[0].kind.code()), (1, "task.open"));
    assert!(!task[0].body.contains("market") && !kept[1].sealed.contains("market"));
    // It came on 2 February; the pack gives ten days.
    assert!(task[0].body.contains(r#""due":"2026-02-12""#), "{}", task[0].body);
    let key = Key::new([9; 32]);
    let texts: Vec<String> =
        kept.iter().map(|one| hoptac_office::feedback::text(&key, one).unwrap()).collect();
    assert!(texts.iter().any(|text| text == words), "{texts:?}");

    // An address may send a few an hour.
    let mut last = (StatusCode::OK, String::new());
    for (browser, text) in (20..).zip([
        "One more of many things",
        "Two more of many things",
        "Three more of many things",
    ]) {
        last = write(&app, TO, browser, &sent(&[("y-kien", text)])).await;
    }
    assert!(last.1.contains("within an hour"), "{}", last.1);
}

/// The description is what the documentation has; `UPDATE_API=1` writes it.
#[tokio::test]
async fn the_description_is_the_one_in_the_documentation() {
    let instance = Instance::new().await;
    let answer = instance.get("/openapi.json", "", &[("accept-language", "en")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = format!("{}\n", serde_json::to_string_pretty(&answer.json()).unwrap());
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    #[expect(clippy::disallowed_methods, reason = "whoever runs the test says so")]
    let anew = std::env::var_os("UPDATE_API").is_some();
    if anew {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(text == kept, "docs/openapi.json is not what is served; UPDATE_API=1 writes it");
}

#[tokio::test]
async fn a_list_is_walked_page_by_page_at_one_state() {
    let instance = Instance::new().await;
    let token = instance.token("thanh-tra", "read.*").await;
    let first = instance.get("/organisations?limit=1&total=true", &token, &[]).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let page = first.json();
    assert_eq!((page["total"].clone(), page["items"].as_array().unwrap().len()), (json!(2), 1));
    // What is filed meanwhile is on no page of this walk.
    instance.found(9, "Tổ hợp tác Mới", "06112").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let second = instance
        .get(&format!("/organisations?limit=1&total=true&cursor={cursor}"), &token, &[])
        .await;
    let page_two = second.json();
    assert_eq!(page_two["ledger_position"], page["ledger_position"]);
    assert_ne!(page_two["items"][0]["id"], page["items"][0]["id"]);
    assert_eq!(page_two["next_cursor"], Value::Null);
    let anew = instance.get("/organisations?total=true", &token, &[]).await.json();
    assert_eq!(anew["total"], json!(3));
}

#[tokio::test]
async fn forged_stale_and_strange_cursors_are_told() {
    let instance = Instance::new().await;
    let token = instance.token("thanh-tra", "read.*").await;
    let page = instance.get("/organisations?limit=1", &token, &[]).await.json();
    let cursor = page["next_cursor"].as_str().unwrap().to_owned();
    let mut forged = cursor.clone();
    forged.replace_range(10..12, if forged.contains("zz") { "yy" } else { "zz" });
    for (address, said) in [
        (format!("/organisations?limit=1&cursor={forged}"), "did not give the cursor"),
        (format!("/organisations?limit=2&cursor={cursor}"), "did not give the cursor"),
        (format!("/units?limit=1&cursor={cursor}"), "did not give the cursor"),
        ("/organisations?cursor=abc".to_owned(), "did not give the cursor"),
    ] {
        let answer = instance.get(&address, &token, &[("accept-language", "en")]).await;
        answer.is_problem(StatusCode::BAD_REQUEST, "cursor", said);
    }
}

#[tokio::test]
async fn what_is_chosen_is_all_that_is_sent() {
    let instance = Instance::new().await;
    let token = instance.token("thanh-tra", "read.*").await;
    let page = instance.get("/organisations?fields=id,name", &token, &[]).await.json();
    let names: Vec<&String> = page["items"][0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["id", "name"]);
    let answer =
        instance.get("/organisations?fields=nmae", &token, &[("accept-language", "en")]).await;
    answer.is_problem(StatusCode::BAD_REQUEST, "bad-request", "did you mean `name`?");
}

#[tokio::test]
async fn what_the_caller_has_is_not_sent_again() {
    let instance = Instance::new().await;
    let first = instance.get("/targets", "", &[]).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""));
    let again = instance.get("/targets", "", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let other = instance.get("/targets", "", &[("if-none-match", "W/\"0\"")]).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn everything_wrong_with_an_address_is_said_at_once_in_the_callers_language() {
    let instance = Instance::new().await;
    let answer =
        instance.get("/scoreboard?as_of=31/12/2025&limit=0&lvel=commune&limit=7", "", &[]).await;
    answer.is_problem(StatusCode::BAD_REQUEST, "bad-request", "điểm cần sửa");
    let problem = answer.json();
    let errors = problem["errors"].as_array().unwrap();
    let fields: Vec<&str> = errors.iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["as_of", "limit", "lvel", "limit"]);
    assert!(errors[0]["message"].as_str().unwrap().contains("không phải là ngày dương lịch"));
    assert!(errors[2]["message"].as_str().unwrap().contains("có phải ý bạn là `level`?"));
    assert_eq!(answer.header("content-language"), "vi");
    let english =
        instance.get("/scoreboard?as_of=2568-02-30", "", &[("accept-language", "en")]).await;
    english.is_problem(StatusCode::BAD_REQUEST, "bad-request", "is no date");
    assert_eq!(english.header("content-language"), "en");
}

#[tokio::test]
async fn addresses_and_methods_that_there_are_not_are_problems_too() {
    let instance = Instance::new().await;
    instance.get("/nothing", "", &[]).await.is_problem(
        StatusCode::NOT_FOUND,
        "not-found",
        "không có địa chỉ này",
    );
    let answer = instance.send("PATCH", "/targets", "", &[], "").await;
    answer.is_problem(StatusCode::METHOD_NOT_ALLOWED, "method", "GET");
    assert_eq!(answer.header("allow"), "GET");
    let answer = instance.send("OPTIONS", "/filings", "", &[], "").await;
    answer.is_problem(StatusCode::METHOD_NOT_ALLOWED, "method", "GET, POST");
    instance.get("/units/99999x", "", &[]).await.is_problem(
        StatusCode::NOT_FOUND,
        "not-found",
        "99999x",
    );
    instance.get("/targets/T99-99", "", &[]).await.is_problem(
        StatusCode::NOT_FOUND,
        "not-found",
        "T99-99",
    );
}

#[tokio::test]
async fn the_scoreboard_has_the_numbers_of_the_page() {
    let instance = Instance::new().await;
    let page = instance.get("/scoreboard?target=T30-01&as_of=2025-12-31", "", &[]).await.json();
    let row = &page["items"][0];
    assert_eq!(
        (row["target"].clone(), row["unit"]["code"].clone()),
        (json!("T30-01"), json!("20"))
    );
    assert_eq!(row["value"], json!(2.0), "two groups were founded");
    let communes =
        instance.get("/scoreboard?target=T30-01&level=commune&total=true", "", &[]).await.json();
    assert_eq!(communes["total"], json!(65));
    let earlier = instance.get("/scoreboard?target=T30-01&as_of=2023-12-31", "", &[]).await.json();
    assert_eq!(earlier["items"][0]["value"], json!(0.0));
    let known = instance
        .get("/scoreboard?target=T30-01&as_of=2025-12-31&known_on=2020-01-01", "", &[])
        .await;
    known.is_problem(StatusCode::NOT_FOUND, "not-found", "chưa có kế hoạch");
}

#[tokio::test]
async fn figures_that_were_asked_before_are_those_of_the_state_that_is_shown() {
    let instance = Instance::new().await;
    let address = "/scoreboard?target=T30-01&as_of=2026-06-30";
    let first = instance.get(address, "", &[]).await;
    let again = instance.get(address, "", &[]).await;
    assert_eq!((&first.text, first.header("etag")), (&again.text, again.header("etag")));
    let tag = first.header("etag").to_owned();
    let seen = instance.get(address, "", &[("if-none-match", &tag)]).await;
    assert_eq!(seen.status, StatusCode::NOT_MODIFIED);
    let narrow = instance.get(&format!("{address}&fields=value"), "", &[]).await;
    assert_ne!(narrow.text, first.text);
    instance.found(77, "THT Mới lập", "05971").await;
    let then = instance.get(address, "", &[("if-none-match", &tag)]).await;
    assert_eq!(then.status, StatusCode::OK);
    let value = |answer: &Value| answer["items"][0]["value"].as_f64().unwrap();
    assert!((value(&then.json()) - value(&first.json()) - 1.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_token_does_what_its_owner_may_and_its_words_allow_and_no_more() {
    let instance = Instance::new().await;
    let ask = |address: &'static str, token: String| {
        let instance = &instance;
        async move { instance.get(address, &token, &[]).await.status }
    };
    let registrar = instance.token("xa-gan", "read.register file.*").await;
    assert_eq!(ask("/organisations", registrar.clone()).await, StatusCode::OK);
    assert_eq!(
        ask("/filings", registrar.clone()).await,
        StatusCode::FORBIDDEN,
        "its owner may not"
    );
    let one = format!("/organisations/{}", instance.near);
    let refused = instance.get(&one, &registrar, &[]).await;
    refused.is_problem(StatusCode::FORBIDDEN, "forbidden", "read.filings");
    // Only what is within the owner's territory is there.
    let list = instance.get("/organisations?total=true", &registrar, &[]).await.json();
    assert_eq!(list["total"], json!(1));
    let all = instance.token("xa-gan", "read.*").await;
    assert_eq!(instance.get(&one, &all, &[]).await.status, StatusCode::OK);
    let far = format!("/organisations/{}", instance.far);
    instance.get(&far, &all, &[]).await.is_problem(
        StatusCode::NOT_FOUND,
        "not-found",
        "trong phạm vi",
    );
    assert_eq!(ask("/organisations", String::new()).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn tokens_that_are_no_good_are_told_apart() {
    let instance = Instance::new().await;
    let token = instance.token("thanh-tra", "read.*").await;
    let id = instance.store.tokens(None).await.unwrap()[0].id.clone();
    let english = [("accept-language", "en")];
    let unknown = format!("hoptac_pat_{}", "0".repeat(64));
    let answer = instance.get("/account", &unknown, &english).await;
    answer.is_problem(StatusCode::UNAUTHORIZED, "unauthorized", "no such token");
    assert!(answer.header("www-authenticate").contains("invalid_token"));
    let me = instance.get("/account", &token, &english).await.json();
    assert_eq!(me["name"], json!("thanh-tra"));
    assert!(instance.store.tokens(None).await.unwrap()[0].used_at.is_some());
    instance.store.revoke_token(&id, NOW).await.unwrap();
    // Taken back elsewhere it is believed for a moment more, which the clock of tests never leaves, but not beyond whatever
    // this server takes in.
    instance.send("POST", "/token", "", &[], "").await;
    let answer = instance.get("/account", &token, &english).await;
    answer.is_problem(StatusCode::UNAUTHORIZED, "unauthorized", "taken back");
    let ended = instance.token_of("thanh-tra", "read.*", TokenKind::Personal, -1).await.1;
    let answer = instance.get("/account", &ended, &english).await;
    answer.is_problem(StatusCode::UNAUTHORIZED, "unauthorized", "ended at");
    let lock = instance.token("lanh-dao", "read.*").await;
    instance.lock("lanh-dao").await;
    let answer = instance.get("/account", &lock, &english).await;
    answer.is_problem(StatusCode::UNAUTHORIZED, "unauthorized", "locked");
    // A cookie is nobody here.
    let answer = instance.send("GET", "/account", "", &[("cookie", "hoptac=00")], "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_client_exchanges_its_secret_for_an_hour() {
    let instance = Instance::new().await;
    let (client, secret) = instance.token_of("thanh-tra", "read.*", TokenKind::Client, 30).await;
    let form = |fields: &str| fields.to_owned();
    let kind = [("content-type", "application/x-www-form-urlencoded"), ("accept-language", "en")];
    let good = form(&format!(
        "grant_type=client_credentials&client_id={client}&client_secret={secret}&scope=read.register"
    ));
    let given = instance.send("POST", "/token", "", &kind, &good).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.text);
    let given = given.json();
    assert_eq!(
        (given["token_type"].clone(), given["expires_in"].clone()),
        (json!("Bearer"), json!(3600))
    );
    let access = given["access_token"].as_str().unwrap().to_owned();
    assert_eq!(instance.get("/organisations", &access, &[]).await.status, StatusCode::OK);
    assert_eq!(instance.get("/filings", &access, &[]).await.status, StatusCode::FORBIDDEN);
    for (fields, error, status) in [
        ("client_id=a", "invalid_request", 400),
        ("grant_type=password", "unsupported_grant_type", 400),
        ("grant_type=client_credentials&client_id=a&client_secret=b", "invalid_client", 401),
    ] {
        let answer = instance.send("POST", "/token", "", &kind, fields).await;
        assert_eq!(
            (answer.json()["error"].clone(), answer.status.as_u16()),
            (json!(error), status)
        );
    }
    let wide = good.replace("read.register", "file.*");
    let answer = instance.send("POST", "/token", "", &kind, &wide).await;
    assert_eq!(answer.json()["error"], json!("invalid_scope"));
    // The secret itself opens nothing, and what it was given ends with it.
    assert_eq!(instance.get("/account", &secret, &[]).await.status, StatusCode::UNAUTHORIZED);
    instance.store.revoke_token(&client, NOW).await.unwrap();
    assert_eq!(instance.get("/account", &access, &[]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_filing_is_checked_filed_and_not_filed_twice() {
    let instance = Instance::new().await;
    let token = instance.token("xa-gan", "organisation.* read.*").await;
    let filing = json!({
        "kind": "organisation.establish",
        "effective_on": "2025-03-01",
        "body": { "kind": "THT", "name": "Tổ hợp tác Nà Sáng", "seat": "06112", "vsic": "A", "members": 7 },
    });
    let before = instance.store.position().await.unwrap();
    let tried = instance.file("?dry_run=true&consequences=true", &token, &[], &filing).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
    assert_eq!(tried.json()["accepted"], json!(false));
    assert!(!tried.json()["consequences"]["figures"].as_array().unwrap().is_empty());
    assert_eq!(instance.store.position().await.unwrap(), before, "nothing was filed");
    let key = [("idempotency-key", "2025/17")];
    let done = instance.file("", &token, &key, &filing).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    let filed = done.json()["filing"].clone();
    assert_eq!(filed["actor"], json!("xa-gan"));
    let again = instance.file("", &token, &key, &filing).await;
    assert_eq!((again.status, again.json()["repeated"].clone()), (StatusCode::OK, json!(true)));
    assert_eq!(again.json()["filing"]["id"], filed["id"]);
    let mut other = filing.clone();
    other["body"]["members"] = json!(8);
    let answer = instance.file("", &token, &key, &other).await;
    answer.is_problem(StatusCode::CONFLICT, "conflict", "2025/17");
    // The same key of somebody else is another key.
    let stranger = instance.token("quan-tri", "file.*").await;
    assert_eq!(instance.file("", &stranger, &key, &other).await.status, StatusCode::CREATED);
    let shown =
        instance.get(&format!("/filings/{}", filed["id"].as_str().unwrap()), &token, &[]).await;
    assert_eq!(shown.json()["body"]["name"], json!("Tổ hợp tác Nà Sáng"));
    let page = instance.get("/organisations?q=na%20sang", &token, &[]).await.json();
    assert_eq!(page["items"][0]["members"], json!(7), "the page after a filing has it");
    let id = page["items"][0]["id"].as_str().unwrap().to_owned();
    let whole = instance.get(&format!("/organisations/{id}"), &token, &[]).await.json();
    assert_eq!(whole["version"], json!(1));
    let about = instance.get(&format!("/organisations/{id}/filings"), &token, &[]).await.json();
    assert_eq!(about["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_filing_is_said_with_its_path_as_the_forms_say_it() {
    let instance = Instance::new().await;
    let token = instance.token("xa-gan", "file.*").await;
    let filing = json!({
        "kind": "organisation.establish",
        "effective_on": "2025-03-01",
        "body": { "kind": "THT", "name": "", "seat": "06112", "vsic": "A", "members": "7", "capitl": 1 },
    });
    let answer = instance.file("", &token, &[], &filing).await;
    answer.is_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "điểm cần sửa");
    let problem = answer.json();
    let fields: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert!(fields.contains(&"body.members") && fields.contains(&"body.capitl"), "{fields:?}");
    let empty = json!({
        "kind": "organisation.establish",
        "effective_on": "2025-03-01",
        "body": { "kind": "THT", "name": "", "seat": "06112", "vsic": "A", "members": 7 },
    });
    let answer = instance.file("?dry_run=true", &token, &[], &empty).await;
    assert_eq!(answer.json()["findings"][0]["field"], json!("body.name"), "{}", answer.text);
    let far = json!({
        "kind": "organisation.suspend", "subject": format!("organisation/{}", instance.far),
        "effective_on": "2025-03-01", "body": { "reason": "mưa lũ" },
    });
    let answer = instance.file("", &token, &[], &far).await;
    answer.is_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "không có organisation/");
    let stale = json!({
        "kind": "organisation.suspend", "subject": format!("organisation/{}", instance.near),
        "effective_on": "2025-03-01", "expected_version": 7, "body": { "reason": "mưa lũ" },
    });
    let answer = instance.file("", &token, &[], &stale).await;
    answer.is_problem(StatusCode::CONFLICT, "conflict", "đã thay đổi kể từ khi được đọc");
    let reading = instance.token("xa-gan", "read.*").await;
    let answer = instance.file("", &reading, &[], &far).await;
    answer.is_problem(StatusCode::FORBIDDEN, "forbidden", "organisation.suspend");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_told_with_their_line() {
    let instance = Instance::new().await;
    let token = instance.token("xa-gan", "file.*").await;
    let kind = [("content-type", "application/json"), ("accept-language", "en")];
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    for (body, status, said) in [
        ("{\"kind\": \"organisation.suspend\",\n \"kind\": 1}", 400, "the name `kind` comes twice"),
        ("{\"kind\": \"organisation.suspend\"", 400, "ends before it is complete"),
        ("{\"kind\": NaN}", 400, "not JSON"),
        (deep.as_str(), 400, "nested deeper"),
        ("[]", 422, "must be a JSON object"),
        (
            "{\"kind\": \"organisation.suspend\", \"effective_on\": \"2568-02-30\", \"body\": {}}",
            422,
            "is not a date",
        ),
        (
            "{\"kind\": \"organisation.suspnd\", \"effective_on\": \"2025-02-03\", \"body\": {}}",
            422,
            "no kind of filing",
        ),
    ] {
        let answer = instance.send("POST", "/filings", &token, &kind, body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        assert!(answer.json()["detail"].as_str().unwrap().contains(said), "{}", answer.text);
    }
    let twice =
        instance.send("POST", "/filings", &token, &kind, "{\"kind\": 1,\n \"kind\": 1}").await;
    assert_eq!(twice.json()["errors"][0]["line"], json!(2));
    let plain = [("content-type", "text/plain")];
    let answer = instance.send("POST", "/filings", &token, &plain, "{}").await;
    answer.is_problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media", "application/json");
    let large = "x".repeat(50 * 1024 * 1024);
    let answer = instance.send("POST", "/filings", &token, &kind, &large).await;
    answer.is_problem(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "10,000,000 bytes");
    let told = [("content-type", "application/json"), ("content-length", "52428800")];
    let answer = instance.send("POST", "/filings", &token, &told, "{}").await;
    answer.is_problem(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "10.000.000 byte");
}

#[tokio::test]
async fn requests_run_out_and_the_answers_count_them() {
    let instance = Instance::with_requests(5).await;
    let token = instance.token("thanh-tra", "read.*").await;
    let first = instance.get("/account", &token, &[]).await;
    assert_eq!(first.header("ratelimit-policy"), "\"default\";q=5;w=60");
    assert!(first.header("ratelimit").starts_with("\"default\";r=4;"));
    let mut last: Option<Answer> = None;
    for _ in 0..5 {
        last = Some(instance.get("/account", &token, &[]).await);
    }
    let last = last.unwrap();
    last.is_problem(StatusCode::TOO_MANY_REQUESTS, "too-many", "hết lượt");
    assert_eq!(last.header("retry-after"), "12");
    assert!(last.header("ratelimit").starts_with("\"default\";r=0;"));
}

#[tokio::test]
async fn the_page_for_readers_names_every_operation() {
    let instance = Instance::new().await;
    let page = instance.page("/api/v1/").await;
    let description = instance.get("/openapi.json", "", &[]).await.json();
    for (path, item) in description["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{path}: {id}");
        }
    }
    assert!(page.contains("Bảng chỉ tiêu: đơn vị × chỉ tiêu"));
}

#[tokio::test]
async fn changes_are_followed_from_zero_without_a_gap_or_a_double() {
    let instance = Instance::new().await;
    let token = instance.token("thanh-tra", "read.*").await;
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let page =
            instance.get(&format!("/changes?after={after}&limit=3"), &token, &[]).await.json();
        let items = page["items"].as_array().unwrap().clone();
        seen.extend(items.iter().map(|one| one["position"].as_u64().unwrap()));
        after = page["next"].as_u64().unwrap();
        if after == page["ledger_position"].as_u64().unwrap() {
            break;
        }
    }
    let all: Vec<u64> = (1..=instance.store.position().await.unwrap()).collect();
    assert_eq!(seen, all);
    instance.found(9, "Tổ hợp tác Mới", "06112").await;
    let page = instance.get(&format!("/changes?after={after}"), &token, &[]).await;
    let new = page.json()["items"][0].clone();
    assert_eq!(new["kind"], json!("organisation.establish"));
    assert!(!page.text.contains("Tổ hợp tác Mới"), "identities and links only");
    let linked = new["links"]["organisation"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
    assert_eq!(instance.get(linked, &token, &[]).await.json()["name"], json!("Tổ hợp tác Mới"));
    // Nothing new is waited for no longer than was asked.
    let last = instance.store.position().await.unwrap();
    let none = instance.get(&format!("/changes?after={last}&wait=1"), &token, &[]).await.json();
    assert_eq!((none["items"].clone(), none["next"].clone()), (json!([]), json!(last)));
}

#[tokio::test]
async fn changes_outside_the_scope_are_passed_over() {
    let instance = Instance::new().await;
    let token = instance.token("xa-gan", "read.*").await;
    let page = instance.get("/changes?limit=500", &token, &[]).await.json();
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "the one organisation of its territory");
    assert_eq!(items[0]["organisation"], json!(instance.near.to_string()));
    assert_eq!(page["next"], page["ledger_position"]);
}

#[tokio::test]
async fn records_of_organisations_are_listed_within_the_scope() {
    let instance = Instance::new().await;
    let token = instance.token("xa-gan", "read.*").await;
    for list in
        ["returns", "grades", "links", "certificates", "practices", "memberships", "support"]
    {
        let own =
            instance.get(&format!("/{list}?organisation={}", instance.near), &token, &[]).await;
        assert_eq!(
            (own.status, own.json()["items"].clone()),
            (StatusCode::OK, json!([])),
            "{list}"
        );
        let far =
            instance.get(&format!("/{list}?organisation={}", instance.far), &token, &[]).await;
        far.is_problem(StatusCode::NOT_FOUND, "not-found", "trong phạm vi");
    }
}

#[tokio::test]
async fn tasks_stand_where_the_pages_say() {
    let instance = Instance::new().await;
    let token = instance.token("lanh-dao", "read.*").await;
    let page = instance.get("/tasks?total=true&limit=500", &token, &[]).await.json();
    let items = page["items"].as_array().unwrap();
    let plan = instance.get("/plan", "", &[]).await.json();
    assert_eq!(items.len(), plan["tasks"].as_array().unwrap().len(), "those of the plan");
    let first = &items[0];
    let one = instance
        .get(&format!("/tasks/{}", first["code"].as_str().unwrap()), &token, &[])
        .await
        .json();
    assert_eq!(&one, first);
    let state = first["state"].as_str().unwrap();
    let same = instance.get(&format!("/tasks?state={state}&limit=500"), &token, &[]).await.json();
    let alike = items.iter().filter(|one| one["state"] == state).count();
    assert_eq!(same["items"].as_array().unwrap().len(), alike);
    let led = items.iter().find_map(|one| one["lead"].as_str()).unwrap();
    let of = instance.get(&format!("/tasks?agency={led}&fields=lead,with"), &token, &[]).await;
    assert!(!of.json()["items"].as_array().unwrap().is_empty());
    let english = [("accept-language", "en")];
    let answer = instance.get("/tasks?state=lost", &token, &english).await;
    answer.is_problem(StatusCode::BAD_REQUEST, "bad-request", "there is no `lost`");
    let answer = instance.get("/tasks/N99-9", &token, &[]).await;
    answer.is_problem(StatusCode::NOT_FOUND, "not-found", "không có nhiệm vụ `N99-9`");
    let narrow = instance.token("lanh-dao", "read.register").await;
    let answer = instance.get("/tasks", &narrow, &english).await;
    answer.is_problem(StatusCode::FORBIDDEN, "forbidden", "this needs `read.tasks`");
}

#[tokio::test]
async fn editions_and_imports_are_listed_and_looked_up() {
    let instance = Instance::new().await;
    let token = instance.token("quan-tri", "read.* import.*").await;
    for list in ["editions", "imports"] {
        let page = instance.get(&format!("/{list}?total=true"), &token, &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert_eq!(page.json()["total"], json!(0));
    }
    let answer = instance.get("/editions/AAAA", &token, &[]).await;
    answer.is_problem(StatusCode::NOT_FOUND, "not-found", "không có ấn bản `AAAA`");
    let nobody = "/imports/01900000-0000-7000-8000-000000000009";
    let answer = instance.get(nobody, &token, &[]).await;
    answer.is_problem(StatusCode::NOT_FOUND, "not-found", "không có lần nhập");
    let reading = instance.token("quan-tri", "read.*").await;
    let answer = instance.get("/imports", &reading, &[]).await;
    answer.is_problem(StatusCode::FORBIDDEN, "forbidden", "import.take");
}

#[tokio::test]
async fn statistics_are_the_numbers_of_the_scoreboard() {
    let instance = Instance::new().await;
    let flow = "/sdmx/data/dataflow/HOPTAC/TARGETS/1.0";
    let day = format!("{flow}/D.VN_20.T30-01?c%5BTIME_PERIOD%5D=2025-12-31");
    let answer = instance.fetch(&day, "text/csv").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/vnd.sdmx.data+csv;version=2.0.0");
    let position = instance.store.position().await.unwrap();
    let lines: Vec<&str> = answer.text.lines().collect();
    let [heads, line] = lines.as_slice() else { panic!("{}", answer.text) };
    let said: std::collections::BTreeMap<&str, &str> =
        heads.split(',').zip(line.split(',')).collect();
    assert_eq!(said["STRUCTURE_ID"], "HOPTAC:TARGETS(1.0)");
    assert_eq!((said["OBS_VALUE"], said["OBS_STATUS"]), ("2", "A"), "two groups were founded");
    assert_eq!(said["LEDGER_POSITION"], position.to_string());
    assert_eq!(said["UNIT_MEASURE"], "groups");
    // What was known before the plan was there has none.
    let before = instance.fetch(&format!("{flow}/*?asOf=2020-01-01"), "text/csv").await;
    before.is_problem(StatusCode::NOT_FOUND, "not-found", "no plan has been adopted");
    let tag = answer.header("etag").to_owned();
    assert!(tag.starts_with("W/"));
}

#[tokio::test]
async fn published_figures_are_a_flow_of_their_own() {
    let instance = Instance::new().await;
    let flow = "/sdmx/data/dataflow/HOPTAC/FIGURES/1.0";
    let of_day = |key: &str, day: &str| format!("{flow}/{key}?c%5BTIME_PERIOD%5D={day}");
    let answer = instance.fetch(&of_day("D.VN_20.groups.1", "2022-06-30"), "text/csv").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let lines: Vec<&str> = answer.text.lines().collect();
    let [heads, line] = lines.as_slice() else { panic!("{}", answer.text) };
    let said: std::collections::BTreeMap<&str, &str> =
        heads.split(',').zip(line.split(',')).collect();
    assert_eq!((said["TIME_PERIOD"], said["OBS_VALUE"]), ("2022-06-30", "206"));
    assert_eq!((said["OBS_STATUS"], said["FIRMNESS"]), ("A", "final"));
    assert!(said["SOURCE"].starts_with("Kế hoạch 180/KH-UBND"), "{}", said["SOURCE"]);
    assert_eq!((said["SOURCE_DATE"], said["UNIT_MEASURE"]), ("2022-08-17", "groups"));
    // What stands behind a break says so, and what was before it does not.
    for (day, want) in [("2023-06-30", ",4650,A,final,"), ("2024-06-30", ",3550,B,final,")] {
        let members = of_day("D.VN_20.group_members.1", day);
        let answer = instance.fetch(&members, "text/csv").await;
        assert!(answer.text.contains(want), "{}", answer.text);
    }
    // What is only assumed was published by nobody.
    for (key, said) in [
        ("D.VN_20.groups.2", "`2` at PUBLICATION"),
        ("M.VN_20.groups.1", "`M` at FREQ"),
        ("A.VN_20.population.1", "has no such numbers"),
    ] {
        let answer = instance.fetch(&format!("{flow}/{key}"), "*/*").await;
        answer.is_problem(StatusCode::NOT_FOUND, "not-found", said);
    }
}

#[tokio::test]
async fn nobody_reads_statistics_without_a_token_where_only_the_public_side_is_open() {
    let instance = Instance::with_public_side_only().await;
    for path in [
        "/sdmx/structure/dataflow/*/*/*",
        "/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/*",
        "/sdmx/data/dataflow/HOPTAC/TARGETS/1.0/D.VN_20.*",
        "/sdmx/data/dataflow/HOPTAC/FIGURES/1.0/*",
        "/api/v1/values",
        "/api/v1/scoreboard",
    ] {
        let answer = instance.fetch(path, "*/*").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: {}", answer.text);
        assert!(!answer.text.contains("groups"), "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn what_statistics_do_not_have_is_said() {
    let instance = Instance::new().await;
    let flow = "/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0";
    for (path, status, kind, said) in [
        (format!("{flow}/A.VN_20"), 400, "bad-request", "the key `A.VN_20` has 2 parts"),
        (format!("{flow}/A.VN_20.grups"), 404, "not-found", "did you mean `groups`?"),
        (format!("{flow}/A.VN_99.groups"), 404, "not-found", "`VN_99` at REF_AREA"),
        (format!("{flow}/D.VN_20.groups"), 404, "not-found", "has no such numbers"),
        (format!("{flow}/*?c[TIME_PERIOD]=2568/02"), 400, "bad-request", "does not take"),
        (format!("{flow}/*?c[COLOUR]=red"), 400, "bad-request", "its dimensions are"),
        (format!("{flow}/*?colour=red"), 400, "bad-request", "no parameter `colour`"),
        (format!("{flow}/*?lastNObservations=0"), 400, "bad-request", "does not take `0`"),
        (flow.replace("1.0", "2.0"), 404, "not-found", "no flow of data INDICATORS"),
        (flow.replace("HOPTAC", "ESTAT"), 404, "not-found", "no flow of data INDICATORS"),
        ("/sdmx/structure/codelist/HOPTAC/CL_AREAS".to_owned(), 404, "not-found", "`CL_AREA`"),
        ("/sdmx/structure/dataflow?references=some".to_owned(), 400, "bad-request", "choose from"),
        ("/sdmx/nothing".to_owned(), 404, "not-found", "no such address"),
    ] {
        let answer = instance.fetch(&path, "*/*").await;
        answer.is_problem(StatusCode::from_u16(status).unwrap(), kind, said);
    }
    let answer = instance.fetch(flow, "application/vnd.ms-excel").await;
    answer.is_problem(StatusCode::NOT_ACCEPTABLE, "not-acceptable", "sdmx.data+csv");
    let old = "application/vnd.sdmx.structure+xml;version=2.1";
    let answer = instance.fetch("/sdmx/structure/dataflow", old).await;
    answer.is_problem(StatusCode::NOT_ACCEPTABLE, "not-acceptable", "version=3.0.0");
}

#[tokio::test]
async fn structures_bring_what_they_refer_to_where_that_is_asked() {
    let instance = Instance::new().await;
    let json = "application/vnd.sdmx.structure+json;version=2.0.0";
    let path = "/sdmx/structure/dataflow/HOPTAC/TARGETS";
    for (references, want) in [
        ("none", vec!["dataflows"]),
        ("children", vec!["dataStructures", "dataflows"]),
        ("all", vec!["codelists", "conceptSchemes", "dataStructures", "dataflows"]),
    ] {
        let answer = instance.fetch(&format!("{path}?references={references}"), json).await;
        let data = answer.json()["data"].clone();
        let got: Vec<&String> = data.as_object().unwrap().keys().collect();
        assert_eq!(got, want, "{references}");
    }
    let parents = "/sdmx/structure/codelist/HOPTAC/CL_TARGET?references=parents";
    let data = instance.fetch(parents, json).await.json()["data"].clone();
    assert_eq!(data["dataStructures"][0]["id"], json!("DSD_TARGETS"));
    assert_eq!(data["dataStructures"].as_array().unwrap().len(), 1);
    let concept = data["codelists"][0]["codes"][0].clone();
    assert!(concept["names"]["vi"].is_string() && concept["names"]["en"].is_string());
}
