//! What is wrong with a filing of particulars: names, address, contacts, representative, branches, business lines.

use hoptac_model::filing::Draft;
use hoptac_model::filing::particulars::{Branch, Particulars};
use hoptac_model::finding::Finding;
use hoptac_model::organisation::is_tax_code;
use hoptac_model::personal_number::phone_doubt;
use hoptac_model::words;

use crate::event;
use crate::finding::Findings;
use crate::known::Known;

/// Everything that is wrong or odd.
pub fn findings(draft: &Draft, body: &Particulars, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    if body.is_empty() {
        findings.error(
            "change.empty",
            "",
            words!("hồ sơ không nêu nội dung nào", "the filing says nothing"),
            words!("ghi ít nhất một nội dung", "write at least one thing"),
        );
    }
    for (field, text) in [
        ("foreign_name", &body.foreign_name),
        ("short_name", &body.short_name),
        ("address", &body.address),
        ("phone", &body.phone),
        ("email", &body.email),
        ("website", &body.website),
        ("tax_code", &body.tax_code),
        ("scheme", &body.scheme),
    ] {
        if let Some(text) = text {
            findings.note(field, text);
        }
    }
    if let Some(doubt) = filled(body.phone.as_ref()).and_then(phone_doubt) {
        let remedy = words!("kiểm tra lại số điện thoại", "check the number");
        findings.warning("particulars.phone", "phone", doubt, remedy);
    }
    if let Some(email) = filled(body.email.as_ref()).filter(|email| !is_address(email)) {
        findings.warning(
            "particulars.email",
            "email",
            words!(
                "`{email}` không giống địa chỉ thư điện tử",
                "`{email}` does not look like an address",
                email
            ),
            words!("kiểm tra lại địa chỉ", "check it"),
        );
    }
    if let Some(code) = filled(body.tax_code.as_ref()).filter(|code| !is_tax_code(code)) {
        findings.warning(
            "particulars.tax-code",
            "tax_code",
            words!(
                "mã số thuế `{code}` không đúng chữ số kiểm tra",
                "the check digit of the tax code `{code}` is wrong",
                code
            ),
            words!("kiểm tra lại mã số thuế", "check the code"),
        );
    }
    if let Some(representative) = &body.representative {
        findings.text("representative.name", &representative.name);
        findings.text("representative.title", &representative.title);
    }
    let code = known.organisation.as_ref().and_then(|card| card.code.as_deref());
    for (index, branch) in body.branches.iter().flatten().enumerate() {
        self::branch(&format!("branches.{index}"), branch, code, draft, known, &mut findings);
    }
    event::lines(body.scheme.as_deref(), body.lines.as_deref(), &mut findings);
    findings.into_vec()
}

fn branch(
    path: &str,
    branch: &Branch,
    code: Option<&str>,
    draft: &Draft,
    known: &Known,
    findings: &mut Findings,
) {
    findings.text(&format!("{path}.name"), &branch.name);
    findings.note(&format!("{path}.address"), &branch.address);
    let fits = |own: &str| {
        let digits = own.split_once('-').filter(|(_, digits)| {
            digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit())
        });
        digits.is_some_and(|(first, _)| code.is_none_or(|code| code == first))
    };
    if let Some(own) = branch.code.as_deref().filter(|own| !fits(own)) {
        findings.warning(
            "particulars.branch-code",
            format!("{path}.code"),
            words!(
                "mã `{own}` không gồm mã số của tổ chức, dấu gạch nối và ba chữ số",
                "the code `{own}` is not the organisation's code, a hyphen and three digits",
                own
            ),
            words!("kiểm tra lại mã, ví dụ 0100233488-001", "check it, as 0100233488-001"),
        );
    }
    let Some(seat) = &branch.seat else { return };
    let there = known.units.get(seat).is_some_and(|unit| unit.exists_on(draft.effective_on));
    if !there {
        findings.error(
            "particulars.seat",
            format!("{path}.seat"),
            words!(
                "ngày {day} không có xã, phường `{seat}`",
                "there is no commune `{seat}` on {day}",
                day = draft.effective_on,
                seat
            ),
            words!("tra cứu bằng lệnh `hoptac unit list`", "look it up with `hoptac unit list`"),
        );
    }
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// Something, an at sign, something with a point inside.
fn is_address(email: &str) -> bool {
    email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.contains('@')
            && !email.contains(char::is_whitespace)
            && host.split('.').count() > 1
            && host.split('.').all(|part| !part.is_empty())
    })
}
