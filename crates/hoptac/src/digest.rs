//! `hoptac task digest`: the letters to the agencies, written out, and sent where a mail server and addresses are set up.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use hoptac_report::digest::{Digest, Reader, compose};
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use serde_json::{Value, json};

use crate::Outcome;
use crate::cli::Place;
use crate::cli::task::TaskDigest;
use crate::output;
use crate::sentence::{refuse, said};
use crate::sight::Sight;
use crate::task::{figures, plan, tasks};

/// Where letters go.
struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: lettre::message::Mailbox,
    to: BTreeMap<String, lettre::message::Mailbox>,
}

pub(crate) async fn run(place: &Place, arguments: &TaskDigest) -> Result<Outcome> {
    let post = if arguments.send { Some(Post::of(arguments)?) } else { None };
    let sight = Sight::open(place, arguments.days).await?;
    let plan = plan(&sight)?;
    let tasks = tasks(&sight);
    let proposals = figures(&sight, plan, tasks.values());
    let on = sight.on;
    let working = plan.agencies.iter().filter(|agency| agency.valid_to.is_none_or(|to| to >= on));
    let all = working.map(|agency| agency.id.as_str()).chain(["owner", "leader"]);
    let readers: Vec<Reader> = match arguments.reader.as_deref() {
        Some(one)
            if one != "owner" && one != "leader" && !plan.agencies.iter().any(|a| a.id == one) =>
        {
            let known: Vec<&str> = all.collect();
            refuse!(
                "kế hoạch không nêu cơ quan `{one}`; kế hoạch có {known}",
                "the plan names no agency `{one}`; it names {known}",
                one,
                known = known.join(", ")
            );
        }
        Some(one) => vec![Reader::read(one)],
        None => all.map(Reader::read).collect(),
    };
    let mut letters: Vec<(Reader, Digest)> = Vec::new();
    for reader in readers {
        let found = compose(&reader, plan, tasks.values(), &proposals, on, sight.language());
        letters.extend(found.map(|digest| (reader, digest)));
    }
    let mut sent = Vec::new();
    if let Some(post) = &post {
        for (reader, digest) in &letters {
            if post.send(reader, digest).await? {
                sent.push(reader.code().to_owned());
            }
        }
    }
    if sight.wants_json() {
        let list: Vec<Value> = letters
            .iter()
            .map(|(reader, digest)| {
                json!({
                    "for": reader.code(),
                    "subject": digest.subject,
                    "text": digest.text,
                    "tasks": digest.tasks,
                    "sent": sent.iter().any(|code| code == reader.code()),
                })
            })
            .collect();
        output::json(&sight.answer(json!({ "digests": list })))?;
        return Ok(Outcome::Done);
    }
    if post.is_some() {
        let (count, all) = (sight.count(sent.len()), sight.count(letters.len()));
        sight.say(
            &format!("Đã gửi {count} trong {all} bản tin."),
            &format!("{count} of {all} digests were sent."),
        )?;
        return Ok(Outcome::Done);
    }
    for (reader, digest) in &letters {
        output::say(&format!("== {} · {}", reader.code(), digest.subject))?;
        output::say(&digest.text)?;
    }
    Ok(Outcome::Done)
}

impl Post {
    /// The post that is set up; nothing is sent without a server, a sender and an address.
    fn of(arguments: &TaskDigest) -> Result<Self> {
        let (Some(smtp), Some(from)) = (&arguments.smtp, &arguments.from) else {
            refuse!(
                "chưa cấu hình gửi thư: đặt HOPTAC_SMTP, HOPTAC_MAIL_FROM và HOPTAC_MAIL_TO",
                "mail is not set up: set HOPTAC_SMTP, HOPTAC_MAIL_FROM and HOPTAC_MAIL_TO"
            );
        };
        // The URL holds a password, so that it is not said again.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp)
            .map_err(|_| {
                said!(
                    "HOPTAC_SMTP không phải là địa chỉ máy chủ thư; hãy ghi smtps://tên:mật-khẩu@máy-chủ",
                    "HOPTAC_SMTP is not the address of a mail server; write smtps://user:password@host"
                )
            })?
            .build();
        let mailbox = |text: &str| {
            text.trim().parse().with_context(|| {
                said!("`{text}` không phải là địa chỉ thư", "`{text}` is no mail address", text)
            })
        };
        let mut to = BTreeMap::new();
        for pair in arguments.to.iter().filter(|pair| !pair.trim().is_empty()) {
            let Some((agency, address)) = pair.split_once('=') else {
                refuse!(
                    "`{pair}` chưa đúng; hãy ghi cơ-quan=địa-chỉ",
                    "`{pair}` is not complete; write agency=address",
                    pair
                );
            };
            to.insert(agency.trim().to_owned(), mailbox(address)?);
        }
        Ok(Self { transport, from: mailbox(from)?, to })
    }

    /// Sends a digest to the address of its reader. False where it has none.
    async fn send(&self, reader: &Reader, digest: &Digest) -> Result<bool> {
        let Some(to) = self.to.get(reader.code()) else { return Ok(false) };
        let message = Message::builder()
            .from(self.from.clone())
            .to(to.clone())
            .subject(&digest.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(digest.text.clone())
            .context(said!("soạn thư", "writing the letter"))?;
        self.transport.send(message).await.with_context(|| {
            let code = reader.code();
            said!("gửi bản tin cho {code}", "sending the digest of {code}", code)
        })?;
        Ok(true)
    }
}
