//! PDUs and streams of them: a strict reader's verdict and account, the octets written back, a generous reader's view.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};
use smpp_wire::{Tlv, TlvValue, Tlvs, write_header, write_pdu};

use crate::generous;
use crate::octets::{hex, same};
use crate::strict::Account;
use crate::vector::Vector;

pub(crate) fn pdu(vector: &Vector) -> Result<()> {
    let octets = vector.octets("hex")?;
    let account = Account::of(&octets);
    let expected = Expected { verdict: vector.expects()?, decoded: vector.get("decoded") };
    expected.check(&account)?;
    if account.verdict == "ok" && vector.get("reencode") != Some(&Value::Bool(false)) {
        writes_back(&account).context("written again")?;
    }
    let lenient = vector.string("lenient");
    generous::check(&octets, &account, lenient.or(expected.verdict.eq("ok").then_some("ok")))
        .context("a generous reader")
}

pub(crate) fn stream(vector: &Vector) -> Result<()> {
    let octets = vector.octets("hex")?;
    let verdicts = vector.list("expect")?;
    let decoded = vector.list("decoded").unwrap_or_default();
    let (mut rest, mut met) = (&octets[..], 0);
    while !rest.is_empty() {
        let account = Account::of(rest);
        let place = || format!("PDU {}", met + 1);
        let verdict = verdicts
            .get(met)
            .and_then(Value::as_str)
            .with_context(|| format!("{}: {} instead of the end", place(), account.verdict))?;
        Expected { verdict, decoded: decoded.get(met) }.check(&account).with_context(place)?;
        if account.verdict == "ok" {
            writes_back(&account).with_context(|| format!("{} written again", place()))?;
        }
        let lenient = (verdict == "ok").then_some("ok");
        generous::check(rest, &account, lenient)
            .with_context(|| format!("a generous reader at {}", place()))?;
        met += 1;
        let Some(frame) = account.frame else { break };
        rest = &rest[frame.bytes().len()..];
    }
    ensure!(met == verdicts.len(), "{met} PDUs instead of {}", verdicts.len());
    Ok(())
}

/// What a vector says of one PDU.
struct Expected<'a> {
    verdict: &'a str,
    decoded: Option<&'a Value>,
}

impl Expected<'_> {
    fn check(&self, account: &Account<'_>) -> Result<()> {
        ensure!(account.verdict == self.verdict, "{} instead of {}", account.verdict, self.verdict);
        let Some(decoded) = self.decoded else {
            return Ok(());
        };
        let decoded = decoded.as_object().context("decoded is no object")?;
        for (key, expected) in decoded {
            match key.as_str() {
                "tlvs" => tlvs(account.tlvs(), expected)?,
                "rest" => rest(account, expected)?,
                "warnings" => warnings(account.decoded.get(key), expected)?,
                _ => same_value(key, account.decoded.get(key), expected)?,
            }
        }
        nothing_else(account, decoded)
    }
}

/// What was read has nothing that the vector lacks.
fn nothing_else(account: &Account<'_>, decoded: &Map<String, Value>) -> Result<()> {
    for (key, found) in &account.decoded {
        ensure!(decoded.contains_key(key), "{key} is {found}, where there should be none");
    }
    let has_tlvs = account.tlvs().iter().next().is_some();
    ensure!(!has_tlvs || decoded.contains_key("tlvs"), "there are TLVs, where there should be none");
    Ok(())
}

fn same_value(key: &str, found: Option<&Value>, expected: &Value) -> Result<()> {
    let Some(found) = found else {
        bail!("{key} is missing, where {expected} should be");
    };
    // The first field that differs says more than two long objects.
    if let (Some(found), Some(expected)) = (found.as_object(), expected.as_object())
        && !expected.contains_key("hex")
    {
        for (name, expected) in expected {
            same_value(name, found.get(name), expected)?;
        }
        for (name, found) in found {
            ensure!(expected.contains_key(name), "{name} is {found}, where there should be none");
        }
        return Ok(());
    }
    ensure!(as_octets(found) == as_octets(expected), "{key} is {found} instead of {expected}");
    Ok(())
}

/// A string is the same whether it is written as text or as octets.
fn as_octets(value: &Value) -> Value {
    match value {
        Value::String(text) => crate::fields::octets(text.as_bytes()),
        Value::Array(list) => list.iter().map(as_octets).collect(),
        Value::Object(entry) if !entry.contains_key("hex") => {
            entry.iter().map(|(name, value)| (name.clone(), as_octets(value))).collect()
        }
        other => other.clone(),
    }
}

fn warnings(found: Option<&Value>, expected: &Value) -> Result<()> {
    let sorted = |list: Option<&Value>| {
        let mut words: Vec<String> =
            list.and_then(Value::as_array).into_iter().flatten().map(ToString::to_string).collect();
        words.sort();
        words
    };
    let (found, expected) = (sorted(found), sorted(Some(expected)));
    ensure!(found == expected, "the warnings are {found:?} instead of {expected:?}");
    Ok(())
}

/// Octets behind the PDU.
fn rest(account: &Account<'_>, expected: &Value) -> Result<()> {
    ensure!(*expected == account.rest, "{} octets behind it instead of {expected}", account.rest);
    Ok(())
}

fn tlvs(found: Tlvs<'_>, expected: &Value) -> Result<()> {
    let expected = expected.as_array().context("tlvs are no list")?;
    ensure!(
        found.iter().count() == expected.len(),
        "{} TLVs instead of {}",
        found.iter().count(),
        expected.len()
    );
    for (tlv, expected) in found.iter().zip(expected) {
        one_tlv(tlv, expected).with_context(|| tlv.tag.to_string())?;
    }
    Ok(())
}

fn one_tlv(tlv: Tlv<'_>, expected: &Value) -> Result<()> {
    ensure!(expected["tag"] == tlv.tag.0, "is not tag {}", expected["tag"]);
    ensure!(expected["name"].as_str() == tlv.tag.name(), "is called {:?}", tlv.tag.name());
    let found = hex(tlv.value);
    match (&expected["hex"], &expected["value"]) {
        (Value::String(octets), _) => ensure!(found == *octets, "is {found} instead of {octets}"),
        (_, Value::Number(number)) => {
            // One that may be empty is 0 then.
            let value = match tlv.value() {
                TlvValue::Flag => Some(0),
                TlvValue::Integer(value) => Some(u64::from(value)),
                // The specification has parts where the files have one number.
                _ => tlv.integer().map(u64::from),
            };
            ensure!(value == number.as_u64(), "is {value:?} instead of {number}");
        }
        (_, text) => {
            let without_nul = tlv.value.strip_suffix(b"\0").unwrap_or(tlv.value);
            let value = crate::fields::string(without_nul);
            ensure!(as_octets(&value) == as_octets(text), "is {value} instead of {text}");
            ensure!(without_nul.starts_with(tlv.c_string()), "is another C-string");
        }
    }
    Ok(())
}

/// What is read without a fault is written octet for octet.
fn writes_back(account: &Account<'_>) -> Result<()> {
    let (Some(frame), Some(pdu)) = (account.frame, &account.pdu) else {
        bail!("there is no PDU");
    };
    let mut out = Vec::new();
    if frame.body().is_empty() {
        write_header(&mut out, frame.id(), frame.status(), frame.sequence());
    } else {
        write_pdu(&mut out, frame.status(), frame.sequence(), pdu)?;
    }
    same(&out, frame.bytes())
}
