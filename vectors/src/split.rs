//! Texts and octets cut into parts.

use anyhow::{Context, Result, bail, ensure};
use sms_text::{Encoding, Language, ReferenceSize, Spelling, Whole, cut, packed, pieces, smallest};

use crate::alphabet::{encode, tables};
use crate::octets::hex;
use crate::vector::Vector;

/// Octets of one short message on the air.
const OCTETS: usize = 140;
/// Octets of a concatenation header with a reference of one octet.
const HEADER: usize = 6;
/// The vectors keep escape and surrogate pairs together, and nothing else.
const WHOLE: Whole = Whole::CodePoints;

/// How a text is to be cut.
pub(crate) struct Cut {
    text: String,
    spelling: Spelling,
    /// Octets of one that needs no header, and of each part behind its header.
    single: usize,
    part: usize,
}

impl Cut {
    pub(crate) fn of(vector: &Vector) -> Result<Self> {
        let text = vector.text("text")?.to_owned();
        let tables = tables(vector)?;
        let spelling = match vector.string("coding") {
            Some("gsm7") => tables.into(),
            Some("ucs2") => Encoding::Ucs2.into(),
            Some("latin1") => Encoding::Latin1.into(),
            Some("ascii") => Encoding::Ascii.into(),
            Some("iso8859_5") => Encoding::Cyrillic.into(),
            Some("iso8859_8") => Encoding::Hebrew.into(),
            Some(other) => bail!("coded in {other}"),
            None if encode(tables.into(), &text).is_ok() => tables.into(),
            None => smallest(&text, NO_LANGUAGES),
        };
        let header = match (vector.number("header_octets")?, vector.number("reference_bits")?) {
            (Some(octets), _) => octets,
            (None, Some(16)) => HEADER + 1,
            (None, _) => HEADER,
        };
        let single = vector.number("single_octets")?.unwrap_or(OCTETS);
        let part = vector.number("part_octets")?.unwrap_or(single.saturating_sub(header));
        Ok(Self { text, spelling, single, part })
    }

    /// The text of each part; one that is empty is one part.
    pub(crate) fn parts(&self) -> Result<Vec<String>> {
        let Self { text, spelling, single, part } = self;
        let units_in = |octets| spelling.encoding.units_in(octets);
        let units = spelling.units(text).context("unencodable")?;
        if units <= units_in(*single) {
            return Ok(vec![text.clone()]);
        }
        let parts: Vec<String> = pieces(text, *spelling, units_in(*part), WHOLE).map(str::to_owned).collect();
        self.cuts_alike(&parts)?;
        Ok(parts)
    }

    /// Encoded text is cut in the same places.
    fn cuts_alike(&self, parts: &[String]) -> Result<()> {
        let Self { text, spelling, part, .. } = self;
        let octets = spelling.encode(text).context("unencodable")?;
        let room = spelling.encoding.units_in(*part) * spelling.encoding.unit_octets();
        let cuts: Vec<String> =
            cut(*spelling, &octets, room, WHOLE).map(|part| spelling.decode(part)).collect();
        same_parts(&cuts, parts).context("cut when it is encoded")
    }
}

const NO_LANGUAGES: &[Language] = &[];

pub(crate) fn text(vector: &Vector) -> Result<()> {
    let parts = Cut::of(vector)?.parts();
    let expect = vector.expects()?;
    if expect != "ok" {
        ensure!(
            parts.as_ref().is_err_and(|fault| fault.to_string() == expect),
            "{parts:?} instead of {expect}"
        );
        return Ok(());
    }
    same_parts(&parts?, &strings(vector)?)
}

pub(crate) fn packed(vector: &Vector) -> Result<()> {
    let header = vector.number("header_octets")?.unwrap_or(HEADER);
    let part = vector.number("part_octets")?.unwrap_or(OCTETS);
    let fill = packed::fill_bits(header);
    let septets = encode(tables(vector)?.into(), vector.text("text")?).map_err(anyhow::Error::msg)?;
    let bits = part.saturating_sub(header) * 8;
    let room = bits.saturating_sub(fill.into()) / 7;
    let pack = if vector.string("padding") == Some("cr") { packed::pack_without_count } else { packed::pack };
    let parts: Vec<String> =
        cut(Encoding::Gsm7.into(), &septets, room, WHOLE).map(|septets| hex(&pack(septets, fill))).collect();
    same_parts(&parts, &strings(vector)?)
}

pub(crate) fn octets(vector: &Vector) -> Result<()> {
    let octets = vector.octets("hex")?;
    let reference = vector.number("reference")?.unwrap_or(0);
    let reference = match vector.number("reference_bits")? {
        Some(16) => ReferenceSize::Two(u16::try_from(reference)?),
        _ => ReferenceSize::Octet(u8::try_from(reference)?),
    };
    let expected = strings(vector)?;
    let single = vector.number("single_octets")?.unwrap_or(OCTETS);
    if octets.len() <= single && expected.len() == 1 {
        return same_parts(&[hex(&octets)], &expected);
    }
    let room = vector.number("part_octets")?.unwrap_or(single - reference.header_octets());
    let pieces: Vec<&[u8]> = cut(Encoding::Binary.into(), &octets, room, WHOLE).collect();
    let total = u8::try_from(pieces.len()).context("more parts than a header can number")?;
    let part = |(sequence, piece): (u8, &[u8])| {
        let mut out = Vec::new();
        reference.write_header(total, sequence, &mut out);
        out.extend_from_slice(piece);
        hex(&out)
    };
    let parts: Vec<String> = (1..=total).zip(pieces).map(part).collect();
    same_parts(&parts, &expected)
}

/// The parts a vector has, as text.
fn strings(vector: &Vector) -> Result<Vec<String>> {
    let part = |part: &serde_json::Value| match part.as_str().or_else(|| part.get("hex")?.as_str()) {
        Some(text) => Ok(text.to_owned()),
        None => bail!("a part that is no text: {part}"),
    };
    vector.list("parts")?.iter().map(part).collect()
}

fn same_parts(found: &[String], expected: &[String]) -> Result<()> {
    ensure!(found.len() == expected.len(), "{} parts instead of {}", found.len(), expected.len());
    for (number, (found, expected)) in (1..).zip(found.iter().zip(expected)) {
        ensure!(found == expected, "part {number} is {found:?} instead of {expected:?}");
    }
    Ok(())
}
