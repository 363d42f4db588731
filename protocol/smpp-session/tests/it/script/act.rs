//! What the caller of a session does, as a line of a talk says it.

use std::time::Instant;

use smpp_session::{
    Asked, Duplicates, Ended, NotQueued, Options, Role, Session, StateTable, Statuses, Unknown,
};
use smpp_wire::CommandId;

use super::pdu::Fields;
use super::words::{Words, Wrong, duration, number, octet, version};

/// `session mc window_in=2 ...`
pub(crate) fn session(words: &mut Words<'_>, now: Instant) -> Result<(Role, Session), Wrong> {
    let role = match words.next()? {
        "mc" => Role::Mc,
        "esme" => Role::Esme,
        other => return Err(format!("{other:?} is neither mc nor esme")),
    };
    let listening = words.take("awaiting_outbind");
    let mut options = Options::default();
    while !words.is_empty() {
        let word = words.next()?;
        let (key, value) = word.split_once('=').ok_or_else(|| format!("{word:?} is no setting"))?;
        set(&mut options, key, value)?;
    }
    let session =
        if listening { Session::awaiting_outbind(options, now) } else { Session::new(role, options, now) };
    Ok((role, session))
}

fn set(options: &mut Options, key: &str, value: &str) -> Result<(), Wrong> {
    match (key, value) {
        ("window_out", _) => options.window_out = number(value)? as usize,
        ("window_in", _) => options.window_in = number(value)? as usize,
        ("timeouts_max", _) => options.timeouts_max = number(value)?,
        ("first_sequence", _) => options.first_sequence = number(value)?,
        ("version", _) => options.interface_version = version(value)?,
        ("unsaid_version", _) => options.unsaid_version = version(value)?,
        ("state_table", "own_version") => options.state_table = StateTable::OwnVersion,
        ("statuses", "as_given") => options.statuses = Statuses::AsGiven,
        ("duplicates", "refused") => options.duplicates = Duplicates::Refused,
        ("duplicates", "ended") => options.duplicates = Duplicates::Ended,
        ("unknown", "served") => options.unknown = Unknown::Served,
        ("session_init", _) => options.session_init = duration(value)?,
        ("enquire_link", _) => options.enquire_link = duration(value)?,
        ("response", _) => options.response = duration(value)?,
        ("inactivity", _) => options.inactivity = duration(value)?,
        ("drain", _) => options.drain = duration(value)?,
        _ => return Err(format!("no setting {key}={value}")),
    }
    Ok(())
}

/// What a peer asked, which the caller has not answered.
pub(crate) type Open = Vec<Asked>;

/// Does what the line says.
pub(crate) fn act(
    verb: &str,
    words: &mut Words<'_>,
    session: &mut Session,
    open: &mut Open,
    now: Instant,
) -> Result<(), Wrong> {
    match verb {
        "accept" => session.accept_bind(taken(open, words.sequence()?)?, words.next()?.as_bytes(), now),
        "answer" => {
            let (to, status) = (taken(open, words.sequence()?)?, words.status()?);
            let fields = Fields::of(words)?;
            fields.with(to.id.response(), |body| session.respond(to, status, body, now))?;
        }
        "refuse" => session.refuse(taken(open, words.sequence()?)?, words.status()?, now),
        "ask" => ask(words, session, now)?,
        "tell" => {
            let (why, id) = (refusal(words)?, words.command()?);
            let queued = Fields::of(words)?.with(id, |body| session.notify(body, now))?;
            judge(queued, why)?;
        }
        "leave" => session.begin_unbind(now),
        "lost" => session.end(Ended::PeerClosed),
        "probe" => session.probe(words.duration()?, now),
        "congestion" => session.set_congestion(match words.next()? {
            "none" => None,
            percent => Some(octet(percent)?),
        }),
        "statuses" => session.set_statuses(match words.next()? {
            "as_given" => Statuses::AsGiven,
            _ => Statuses::Known,
        }),
        _ => return Err(format!("what is {verb:?}?")),
    }
    words.end()
}

/// `ask 7 submit_sm to=15551234 "hi"`; `ask 7 !WindowFull submit_sm`; the body of a vendor's command is a text.
fn ask(words: &mut Words<'_>, session: &mut Session, now: Instant) -> Result<(), Wrong> {
    let token = words.number()?.into();
    let why = refusal(words)?;
    let id = words.command()?;
    judge(Fields::of(words)?.with(id, |body| session.request(body, token, now))?, why)
}

/// `!WindowFull`, where the session is to refuse.
fn refusal<'a>(words: &mut Words<'a>) -> Result<Option<&'a str>, Wrong> {
    let mut ahead = words.clone();
    let Some(why) = ahead.next()?.strip_prefix('!') else { return Ok(None) };
    *words = ahead;
    Ok(Some(why))
}

fn judge(queued: Result<u32, NotQueued>, why: Option<&str>) -> Result<(), Wrong> {
    let got = queued.err().map(|why| format!("{why:?}"));
    let variant = got.as_deref().and_then(|got| got.split(['(', ' ']).next());
    if variant == why { Ok(()) } else { Err(format!("refused as {got:?}, to be {why:?}")) }
}

fn taken(open: &mut Open, sequence: u32) -> Result<Asked, Wrong> {
    let at = open.iter().position(|asked| asked.sequence == sequence);
    at.map(|at| open.remove(at)).ok_or_else(|| format!("nothing is open under #{sequence}"))
}

/// A command by its name, or its number.
pub(crate) fn name(id: CommandId) -> String {
    id.name().map_or_else(|| format!("{:#010x}", id.0), str::to_owned)
}
