//! Septets packed eight into seven octets: with a text (`gsm7_packed`) and without (`septets`).

use anyhow::{Context, Result, ensure};
use sms_text::{Spelling, packed};

use crate::alphabet::{decode, encode, has_septets, tables};
use crate::octets::{hex, same};
use crate::vector::Vector;

pub(crate) fn gsm7_packed(vector: &Vector) -> Result<()> {
    let (spelling, fill) = (Spelling::from(tables(vector)?), vector.octet("fill_bits", 0)?);
    let expect = vector.expects()?;
    let text = vector.string("text");
    let septets = text.map(|text| encode(spelling, text));
    if vector.goes(&["encode"])
        && let Some(septets) = &septets
    {
        match (septets, expect) {
            (Ok(septets), "ok") => {
                same(&pack(vector, septets, fill), &vector.octets("hex")?).context("encode")?;
                has_septets(vector, septets.len()).context("encode")?;
            }
            (septets, expect) => ensure!(septets.as_ref().err() == Some(&expect), "encode: {septets:?}"),
        }
    }
    if vector.goes(&["decode"]) && vector.get("hex").is_some() {
        let count = septets.and_then(Result::ok).map(|septets| septets.len());
        let septets = unpack(&vector.octets("hex")?, fill, vector.number("septet_count")?.or(count));
        let found = decode(spelling, &septets, vector.is_true("strict"));
        match expect {
            "ok" => ensure!(found.as_deref().ok() == text, "decode: {found:?} instead of {text:?}"),
            expect => ensure!(found.as_ref().err() == Some(&expect), "decode: {found:?} instead of {expect}"),
        }
    }
    Ok(())
}

/// As many septets as there are to be, or what a receiver makes of them that knows no number.
fn unpack(octets: &[u8], fill: u8, count: Option<usize>) -> Vec<u8> {
    match count {
        Some(_) => packed::unpack(octets, fill, count),
        None => packed::unpack_without_count(octets, fill),
    }
}

fn pack(vector: &Vector, septets: &[u8], fill: u8) -> Vec<u8> {
    // A sender that states no count fills a spare septet with CR.
    let pack = if vector.string("padding") == Some("cr") { packed::pack_without_count } else { packed::pack };
    pack(septets, fill)
}

pub(crate) fn septets(vector: &Vector) -> Result<()> {
    let fill = vector.octet("fill_bits", 0)?;
    let (octets, septets) = (vector.octets("packed")?, vector.octets("septets")?);
    ensure!(vector.expects()? == "ok", "septets can always be packed");
    if vector.goes(&["pack", "encode"]) {
        let packed = pack(vector, &septets, fill);
        ensure!(packed == octets, "packed as {}", hex(&packed));
    }
    if vector.goes(&["unpack", "decode"]) {
        let unpacked = packed::unpack(&octets, fill, Some(septets.len()));
        ensure!(unpacked == septets, "unpacked as {}", hex(&unpacked));
    }
    Ok(())
}
