//! A member as people type it, before anything is sealed: read from JSON with everything that is wrong, each finding with the
//! path of its field and none with a word of what was typed.

use std::fmt;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Hardship, Identity, Marks, MemberClass, MemberKind, ethnic_group};
use crate::finding::{Finding, Severity};
use crate::personal_number::{Sex, bearer, doubts, phone_doubt};
use crate::text::{Words, nfc};
use crate::words;

/// The longest name or address, in characters.
const TEXT_MAX: usize = 200;

/// The day from which an age counts as full.
const FULL_AGE: i16 = 18;

/// The least age of an associated member without capital [Law 17/2023/QH15, Article 30].
const LEAST_AGE: i16 = 15;

/// A member to be entered. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Form {
    /// What it is.
    pub kind: MemberKind,
    /// Its class.
    pub class: MemberClass,
    /// Its share in đồng.
    pub capital: i64,
    /// Since when it is a member, where that is before the day of the filing.
    pub joined: Option<Date>,
    /// Whether it is foreign.
    pub foreign: Option<bool>,
    /// Who it is.
    pub identity: Identity,
    /// What is delicate about it.
    pub marks: Marks,
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Form(…)")
    }
}

/// What changes of a member; what is absent stays, an empty text takes away. It is never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FormChange {
    /// What it is; it cannot change.
    pub kind: Option<MemberKind>,
    /// A class.
    pub class: Option<MemberClass>,
    /// A share in đồng.
    pub capital: Option<i64>,
    /// Since when it is a member; it cannot change.
    pub joined: Option<Date>,
    /// Whether it is foreign.
    pub foreign: Option<bool>,
    /// A name.
    pub name: Option<String>,
    /// A personal number or tax code.
    pub number: Option<String>,
    /// A day of birth.
    pub born: Option<Date>,
    /// A telephone number.
    pub phone: Option<String>,
    /// An address.
    pub address: Option<String>,
    /// Man or woman.
    pub sex: Option<Sex>,
    /// An ethnic group.
    pub ethnicity: Option<String>,
    /// How poor the household is.
    pub hardship: Option<Hardship>,
    /// Whether the person is disabled.
    pub disabled: Option<bool>,
}

impl fmt::Debug for FormChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormChange(…)")
    }
}

impl FormChange {
    /// Whether something of who the member is changes.
    pub fn touches_identity(&self) -> bool {
        let texts = [&self.name, &self.number, &self.phone, &self.address];
        self.born.is_some() || texts.iter().any(|text| text.is_some())
    }

    /// Whether something delicate changes.
    pub fn touches_marks(&self) -> bool {
        self.sex.is_some()
            || self.ethnicity.is_some()
            || self.hardship.is_some()
            || self.disabled.is_some()
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Lays the change over who a member was.
    pub fn over_identity(&self, before: &Identity) -> Identity {
        let or = |new: &Option<String>, old: &Option<String>| match new {
            Some(new) => Some(new.clone()).filter(|new| !new.is_empty()),
            None => old.clone(),
        };
        Identity {
            name: self.name.clone().unwrap_or_else(|| before.name.clone()),
            number: or(&self.number, &before.number),
            born: self.born.or(before.born),
            phone: or(&self.phone, &before.phone),
            address: or(&self.address, &before.address),
        }
    }

    /// Lays the change over what was delicate.
    pub fn over_marks(&self, before: &Marks) -> Marks {
        Marks {
            sex: self.sex.or(before.sex),
            ethnicity: self.ethnicity.clone().or_else(|| before.ethnicity.clone()),
            hardship: self.hardship.or(before.hardship),
            disabled: self.disabled.or(before.disabled),
        }
    }

    /// The whole form; none where kind, class or name is missing, which is then among the findings.
    fn whole(self, path: &str, findings: &mut Vec<Finding>) -> Option<Form> {
        let mut missing = |there: bool, name: &str| {
            if !there {
                findings.push(Finding::field(
                    "member.missing-field",
                    join(path, name),
                    words!("thiếu trường `{name}`", "the field `{name}` is missing", name),
                    words!("điền vào", "write it"),
                ));
            }
        };
        missing(self.kind.is_some(), "kind");
        missing(self.class.is_some(), "class");
        let named = self.name.as_ref().is_some_and(|name| !name.is_empty());
        missing(named, "name");
        let (identity, marks) =
            (self.over_identity(&Identity::default()), self.over_marks(&Marks::default()));
        Some(Form {
            kind: self.kind?,
            class: self.class?,
            capital: self.capital.unwrap_or(0),
            joined: self.joined,
            foreign: self.foreign,
            identity,
            marks,
        })
        .filter(|_| named)
    }
}

/// The fields of a member.
pub const FIELDS: [&str; 14] = [
    "kind",
    "class",
    "capital",
    "joined",
    "foreign",
    "name",
    "personal_number",
    "born",
    "phone",
    "address",
    "sex",
    "ethnicity",
    "hardship",
    "disabled",
];

/// Reads a member to be entered.
pub fn read(value: &Value, path: &str) -> (Option<Form>, Vec<Finding>) {
    let (change, mut findings) = read_change(value, path);
    let form = change.and_then(|change| change.whole(path, &mut findings));
    (form.filter(|_| !findings.iter().any(Finding::is_error)), findings)
}

/// Reads what changes of a member.
pub fn read_change(value: &Value, path: &str) -> (Option<FormChange>, Vec<Finding>) {
    let Value::Object(fields) = value else {
        let finding = Finding::field(
            "member.json",
            path,
            words!(
                "thành viên không được ghi dưới dạng đối tượng",
                "a member is not written as an object"
            ),
            words!("bắt đầu bằng {{ và kết thúc bằng }}", "begin with {{ and end with }}"),
        );
        return (None, vec![finding]);
    };
    let mut reader = Reader { fields, path, findings: Vec::new() };
    // A field that nobody knows may itself be a name, so that it is counted and not repeated.
    let unknown = fields.keys().filter(|name| !FIELDS.contains(&name.as_str())).count();
    if unknown > 0 {
        reader.findings.push(Finding::field(
            "member.unknown-field",
            path,
            words!(
                "có {unknown} trường không dùng được",
                "{unknown} fields are not known",
                unknown
            ),
            words!("các trường là {all}", "the fields are {all}", all = FIELDS.join(", ")),
        ));
    }
    let change = FormChange {
        kind: reader.word("kind", MemberKind::ALL, MemberKind::code),
        class: reader.word("class", MemberClass::ALL, MemberClass::code),
        capital: reader.whole("capital"),
        joined: reader.day("joined"),
        foreign: reader.flag("foreign"),
        name: reader.text("name"),
        number: reader.text("personal_number").map(|text| text.replace([' ', '.'], "")),
        born: reader.day("born"),
        phone: reader.text("phone"),
        address: reader.text("address"),
        sex: reader.word("sex", &[Sex::Female, Sex::Male], |sex| match sex {
            Sex::Female => "female",
            Sex::Male => "male",
        }),
        ethnicity: reader.group("ethnicity"),
        hardship: reader.word("hardship", Hardship::ALL, Hardship::code),
        disabled: reader.flag("disabled"),
    };
    let findings = reader.findings;
    (Some(change).filter(|_| !findings.iter().any(Finding::is_error)), findings)
}

/// What is wrong with what stands in clear about a member that is entered on a day.
pub fn judge_entry(
    class: MemberClass,
    capital: i64,
    joined: Option<Date>,
    on: Date,
    path: &str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut error = |code, name: &str, message: Words, remedy: Words| {
        findings.push(Finding::field(code, join(path, name), message, remedy));
    };
    if capital < 0 {
        error(
            "member.capital",
            "capital",
            words!("phần vốn góp nhỏ hơn 0", "the share is less than zero"),
            words!("ghi 0 hoặc lớn hơn", "write zero or more"),
        );
    }
    if class == MemberClass::Associate && capital > 0 {
        error(
            "member.capital-class",
            "capital",
            words!(
                "thành viên liên kết không góp vốn lại có phần vốn góp",
                "an associated member without capital has a share"
            ),
            words!("sửa lại loại thành viên hoặc phần vốn góp", "correct the class or the share"),
        );
    }
    if class == MemberClass::CapitalAssociate && capital == 0 {
        error(
            "member.no-capital",
            "capital",
            words!(
                "thành viên liên kết góp vốn lại không có phần vốn góp",
                "an associated member with capital has no share"
            ),
            words!("sửa lại loại thành viên hoặc phần vốn góp", "correct the class or the share"),
        );
    }
    if joined.is_some_and(|joined| joined > on) {
        let message = words!(
            "ngày vào sau ngày hiệu lực của hồ sơ",
            "the day of joining is after the day of the filing"
        );
        error("member.days", "joined", message, words!("sửa lại ngày", "correct the day"));
    }
    findings
}

/// What is wrong or odd about a member on a day, by what the law and the numbers themselves say.
pub fn judge(form: &Form, on: Date, path: &str) -> Vec<Finding> {
    let mut findings = judge_entry(form.class, form.capital, form.joined, on, path);
    let mut error = |code, name: &str, message: Words, remedy: Words| {
        findings.push(Finding::field(code, join(path, name), message, remedy));
    };
    let entered = form.joined.unwrap_or(on);
    if let Some(born) = form.identity.born {
        if born > entered {
            error(
                "member.born",
                "born",
                words!("ngày sinh sau ngày vào", "the day of birth is after the day of joining"),
                words!("sửa lại ngày", "correct the day"),
            );
        } else if form.kind == MemberKind::Person {
            let least = if form.class == MemberClass::Associate { LEAST_AGE } else { FULL_AGE };
            if !is_of_age(born, entered, least) {
                error(
                    "member.age",
                    "born",
                    words!(
                        "loại thành viên này phải đủ {least} tuổi khi vào [Luật 17/2023/QH15, Điều 30]",
                        "a member of this class must have been {least} years old on joining [Law 17/2023/QH15, Article 30]",
                        least
                    ),
                    words!("sửa lại ngày hoặc loại thành viên", "correct the day or the class"),
                );
            }
        }
    }
    let mut warning = |code, name: &str, message: Words, remedy: Words| {
        let finding = Finding::field(code, join(path, name), message, remedy);
        findings.push(finding.with_severity(Severity::Warning));
    };
    if form.class == MemberClass::Official && form.capital == 0 {
        warning(
            "member.official-no-capital",
            "capital",
            words!(
                "thành viên chính thức không có phần vốn góp",
                "an official member has no share"
            ),
            words!("xem có bỏ sót không", "look whether it was left out"),
        );
    }
    match (&form.identity.number, form.kind) {
        (None, _) => warning(
            "member.no-number",
            "personal_number",
            words!(
                "thiếu số định danh thì không biết được thành viên có ở tổ chức khác hay không",
                "without a number nobody can tell whether the member is also in another organisation"
            ),
            words!("bổ sung khi biết", "add it when it is known"),
        ),
        (Some(number), MemberKind::Organisation) => {
            if !crate::organisation::is_tax_code(number) {
                let message = words!(
                    "mã số thuế không đúng số kiểm tra",
                    "the check digit of the tax code does not fit"
                );
                warning(
                    "member.number",
                    "personal_number",
                    message,
                    words!("kiểm tra lại", "look at it again"),
                );
            }
        }
        (Some(number), MemberKind::Person | MemberKind::Household) => {
            // A household has no sex; its number is that of the one who stands for it.
            let sex = form.marks.sex.filter(|_| form.kind == MemberKind::Person);
            let born = form.identity.born.map(Date::year);
            for doubt in doubts(number, sex, born) {
                warning(
                    "member.number",
                    "personal_number",
                    doubt,
                    words!("kiểm tra lại", "look at it again"),
                );
            }
        }
    }
    // Where no day of birth was given, the number still tells the year.
    if form.identity.born.is_none()
        && form.kind == MemberKind::Person
        && let Some(bearer) = form.identity.number.as_deref().and_then(bearer)
        && form.class != MemberClass::Associate
        && entered.year() - bearer.born < FULL_AGE
    {
        let message = words!(
            "theo số định danh, khi vào thành viên chưa đủ 18 tuổi",
            "by the number the member was not yet 18 years old on joining"
        );
        warning(
            "member.number-age",
            "personal_number",
            message,
            words!("kiểm tra lại", "look at it again"),
        );
    }
    if let Some(doubt) = form.identity.phone.as_deref().and_then(phone_doubt) {
        warning("member.phone", "phone", doubt, words!("kiểm tra lại", "look at it again"));
    }
    findings
}

/// Whether somebody born on a day is so many years old on another.
fn is_of_age(born: Date, on: Date, years: i16) -> bool {
    let age = on.year() - born.year();
    age > years || (age == years && (on.month(), on.day()) >= (born.month(), born.day()))
}

/// A path below another one.
fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Reads the fields of one member and never repeats what is in them.
struct Reader<'v> {
    fields: &'v Map<String, Value>,
    path: &'v str,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn wrong(&mut self, name: &str, message: Words, remedy: Words) {
        self.findings.push(Finding::field("member.value", join(self.path, name), message, remedy));
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// A text on one line, its letters composed.
    fn text(&mut self, name: &str) -> Option<String> {
        let Value::String(text) = self.value(name)? else {
            self.wrong(
                name,
                words!("không phải văn bản", "it is not a text"),
                words!("ghi trong dấu ngoặc kép", "write it between quotation marks"),
            );
            return None;
        };
        let composed = nfc(text).split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().any(char::is_control) {
            self.wrong(
                name,
                words!("có ký tự không in được", "it holds a character that cannot be printed"),
                words!("ghi trên một dòng", "write it on one line"),
            );
            return None;
        }
        let length = composed.chars().count();
        if length > TEXT_MAX {
            let message = words!(
                "có {length} ký tự, được phép {TEXT_MAX}",
                "it has {length} characters, {TEXT_MAX} are allowed",
                length
            );
            self.wrong(name, message, words!("rút ngắn lại", "shorten it"));
            return None;
        }
        Some(composed)
    }

    fn whole(&mut self, name: &str) -> Option<i64> {
        let number = self.value(name)?.as_i64();
        if number.is_none() {
            self.wrong(
                name,
                words!("không phải số nguyên đồng", "it is not a whole number of đồng"),
                words!("ghi không có dấu chấm và chữ", "write it without points or letters"),
            );
        }
        number
    }

    fn flag(&mut self, name: &str) -> Option<bool> {
        let flag = self.value(name)?.as_bool();
        if flag.is_none() {
            self.wrong(
                name,
                words!("không phải true hoặc false", "it is neither true nor false"),
                words!("ghi true hoặc false", "write true or false"),
            );
        }
        flag
    }

    fn day(&mut self, name: &str) -> Option<Date> {
        let day = self.value(name)?.as_str().and_then(|text| crate::date::parse(text).ok());
        if day.is_none() {
            self.wrong(
                name,
                words!("không phải ngày", "it is not a day"),
                words!("ghi như 2025-12-31", "write it as 2025-12-31"),
            );
        }
        day
    }

    fn group(&mut self, name: &str) -> Option<String> {
        let group = self.value(name)?.as_str().and_then(|text| ethnic_group(&nfc(text)));
        if group.is_none() {
            self.wrong(
                name,
                words!(
                    "không phải tên thường dùng của một trong 54 dân tộc",
                    "it is not one of the 54 ethnic groups by its usual name"
                ),
                words!("ghi như Tày, Nùng, Dao, Kinh", "write it as Tày, Nùng, Dao, Kinh"),
            );
        }
        group.map(str::to_owned)
    }

    fn word<T: Copy>(&mut self, name: &str, all: &[T], code: fn(T) -> &'static str) -> Option<T> {
        let written = self.value(name)?.as_str();
        let found = all.iter().copied().find(|value| Some(code(*value)) == written);
        if found.is_none() {
            let words: Vec<&str> = all.iter().copied().map(code).collect();
            self.wrong(
                name,
                words!("không có trong danh mục", "it is none of the words"),
                words!("ghi một trong {all}", "write one of {all}", all = words.join(", ")),
            );
        }
        found
    }
}
