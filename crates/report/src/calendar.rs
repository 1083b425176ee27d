//! Due days as a calendar file that mail and calendar programs read (RFC 5545): whole days, one event for each.

use hoptac_model::pack::Pack;
use hoptac_model::task::Task;
use hoptac_model::text::Language;
use jiff::Timestamp;
use jiff::civil::Date;

/// A day in the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What tells it from all others for ever, so that a calendar that is read anew changes its entries.
    pub uid: String,
    /// The day.
    pub on: Date,
    /// What is due.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// How many days before it somebody is reminded.
    pub remind_days: Vec<u16>,
}

/// The days of a task that are still to come or past and not done, with reminders where the plan's ladder has rungs before
/// the day.
pub fn of_task(task: &Task, plan: &Pack, day: Date, language: Language) -> Vec<Entry> {
    if !task.situation(day).state.is_open() {
        return Vec::new();
    }
    let before = plan.ladder.iter().filter(|rung| rung.holds_on(day) && rung.days <= 0);
    let remind_days: Vec<u16> = before.map(|rung| rung.days.unsigned_abs()).collect();
    let lead = task.lead_on(plan, day).map_or("", |agency| agency.name.get(language));
    let description = match language {
        Language::Vi => format!("Chủ trì: {lead}"),
        Language::En => format!("Lead: {lead}"),
    };
    task.open_occurrences(day)
        .into_iter()
        .map(|occurrence| Entry {
            uid: format!("{}.{occurrence}@hoptac", task.code),
            on: task.due_of(occurrence),
            summary: format!("{} {}", task.code, task.title(language)),
            description: description.clone(),
            remind_days: remind_days.clone(),
        })
        .collect()
}

/// Writes a calendar. The same entries and moment give the same bytes.
pub fn write(name: &str, entries: &[Entry], made: Timestamp) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//hoptac//hoptac//VI".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        format!("NAME:{}", text(name)),
        format!("X-WR-CALNAME:{}", text(name)),
    ];
    let stamp = made.strftime("%Y%m%dT%H%M%SZ").to_string();
    for entry in entries {
        let after = entry.on.saturating_add(jiff::Span::new().days(1));
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", text(&entry.uid)),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{}", entry.on.strftime("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", after.strftime("%Y%m%d")),
            format!("SUMMARY:{}", text(&entry.summary)),
            format!("DESCRIPTION:{}", text(&entry.description)),
            "TRANSP:TRANSPARENT".to_owned(),
        ]);
        for days in &entry.remind_days {
            lines.extend([
                "BEGIN:VALARM".to_owned(),
                "ACTION:DISPLAY".to_owned(),
                format!("DESCRIPTION:{}", text(&entry.summary)),
                format!("TRIGGER:-P{days}D"),
                "END:VALARM".to_owned(),
            ]);
        }
        lines.push("END:VEVENT".to_owned());
    }
    lines.push("END:VCALENDAR".to_owned());
    let mut file = String::new();
    for line in lines {
        fold(&line, &mut file);
    }
    file
}

/// A text as a value: what separates values is escaped.
fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// No line is longer than 75 bytes; what is goes on in the next, behind a blank. A letter is never cut through.
fn fold(line: &str, file: &mut String) {
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > 75 {
            file.push_str("\r\n ");
            length = 1;
        }
        file.push(c);
        length += c.len_utf8();
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(summary: &str) -> String {
        let entry = Entry {
            uid: "N20-1.2026-12-31@hoptac".to_owned(),
            on: Date::constant(2026, 12, 31),
            summary: summary.to_owned(),
            description: "Chủ trì: Liên minh Hợp tác xã\nhạn 31/12/2026".to_owned(),
            remind_days: vec![30, 7],
        };
        write("Nhiệm vụ", &[entry], "2026-11-26T05:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_day_lasts_until_the_next() {
        let file = one("Vận động");
        assert!(
            file.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"),
            "{file}"
        );
        assert!(file.contains("DTSTAMP:20261126T050000Z\r\n"), "{file}");
        assert_eq!(file.matches("TRIGGER:-P").count(), 2);
    }
    #[test]
    fn what_separates_values_is_escaped() {
        let file = one("Vốn; bảo hiểm, thuế \\ phí");
        assert!(file.contains(r"SUMMARY:Vốn\; bảo hiểm\, thuế \\ phí"), "{file}");
        assert!(file.contains(r"xã\nhạn"), "{file}");
    }
    #[test]
    fn long_lines_are_folded_between_letters() {
        let file = one(&"ế".repeat(100));
        assert!(file.lines().all(|line| line.len() <= 75), "{file}");
        let unfolded = file.replace("\r\n ", "");
        assert!(unfolded.contains(&"ế".repeat(100)));
    }
}
