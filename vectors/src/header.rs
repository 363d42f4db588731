//! User data headers.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use sms_text::{BadUdh, split_udh, udh};

use crate::octets::{hex, same};
use crate::vector::Vector;

pub(crate) fn udh(vector: &Vector) -> Result<()> {
    let octets = vector.octets("hex")?;
    let (verdict, parts) = match split_udh(&octets) {
        Ok(parts) => ("ok", Some(parts)),
        Err(BadUdh::Overrun { .. }) => ("udh_overrun", None),
        Err(BadUdh::ElementOverrun { .. }) => ("udh_element_overrun", None),
        Err(_) => ("another fault", None),
    };
    ensure!(verdict == vector.expects()?, "{verdict} instead of {}", vector.expects()?);
    let Some((header, rest)) = parts else {
        return Ok(());
    };
    elements(vector, header).context("elements")?;
    if vector.get("rest").is_some() {
        same(rest, &vector.octets("rest")?).context("rest")?;
    }
    concat(vector, &octets)?;
    writes_back(header, rest, &octets)
}

fn elements(vector: &Vector, header: &[u8]) -> Result<()> {
    let found: Vec<Value> = udh::elements(header)
        .map(|element| json!({ "tag": element.tag, "hex": hex(element.value) }))
        .collect();
    let Ok(expected) = vector.list("elements") else {
        return Ok(());
    };
    ensure!(found.len() == expected.len(), "{} instead of {}", found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        for key in ["tag", "hex"] {
            ensure!(found[key] == expected[key], "{} instead of {}", found[key], expected[key]);
        }
    }
    Ok(())
}

fn concat(vector: &Vector, octets: &[u8]) -> Result<()> {
    let Some(expected) = vector.get("concat") else {
        return Ok(());
    };
    let concat = sms_text::concat_of(octets).context("concat: there is none")?;
    let found = [
        ("reference", usize::from(concat.reference)),
        ("total", usize::from(concat.total)),
        ("sequence", usize::from(concat.sequence)),
    ];
    for (name, number) in found {
        ensure!(expected[name] == number, "concat: {name} is {number} instead of {}", expected[name]);
    }
    Ok(())
}

/// What was read as elements is written as the same octets.
fn writes_back(header: &[u8], rest: &[u8], octets: &[u8]) -> Result<()> {
    let mut out = Vec::new();
    let any = udh::write_user_data(udh::elements(header), None, rest, &mut out);
    // No element needs no header.
    if any { same(&out, octets).context("written again") } else { same(&out, rest).context("written again") }
}
