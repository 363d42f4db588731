//! What was read of a PDU, as the files write it down.

use serde_json::{Map, Value, json};
use smpp_wire::Field;

use crate::octets::hex;

/// A string: text where all of it is printable, else octets.
pub(crate) fn string(octets: &[u8]) -> Value {
    match std::str::from_utf8(octets) {
        Ok(text) if octets.iter().all(|octet| (0x20..0x7F).contains(octet)) => text.into(),
        _ => self::octets(octets),
    }
}

pub(crate) fn octets(octets: &[u8]) -> Value {
    json!({ "hex": hex(octets) })
}

/// A field of a body.
pub(crate) fn value(field: Field<'_>) -> Value {
    match field {
        Field::Integer(number) => number.into(),
        Field::CString(text) => string(text),
        Field::Octets(sized) => octets(sized),
        Field::List(entries) => {
            let mut list: Vec<Map<String, Value>> = vec![Map::new(); entries.count()];
            entries.each(&mut |place, name, field| {
                if let Some(entry) = list.get_mut(place) {
                    entry.insert(name.to_owned(), value(field));
                }
            });
            list.into_iter().map(Value::Object).collect()
        }
        // A kind of field that the files do not know is equal to nothing of theirs.
        _ => Value::Null,
    }
}
