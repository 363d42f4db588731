//! The field list of every command against `spec/commands.toml`: names, order, kinds, limits.

use smpp_wire::strict::{self, Seen};
use smpp_wire::{Body, Field, Frame, FrameRef, Pdu, Unwritable};
use toml::{Table, Value};

use crate::spec_file;

/// The file, to look compound entries up in.
struct Spec(Table);

/// A value for a field instead of the usual one.
type Instead<'a> = Option<(&'a str, usize)>;

impl Spec {
    fn read() -> Self {
        Self(spec_file("commands.toml").parse().unwrap())
    }

    fn commands(&self) -> &[Value] {
        self.0["command"].as_array().unwrap()
    }

    fn entry(&self, of: &Value) -> &Value {
        &self.0["composite"][of["item"].as_str().unwrap()]
    }

    /// The kinds of entries of a list: their fields, and what the switch says in each.
    fn entries(&self, of: &Value) -> Vec<(u8, Vec<Value>)> {
        let entry = self.entry(of);
        let own = fields(entry);
        let cases = [1, 2].into_iter().filter_map(|case| Some((case, entry.get(format!("case_{case}"))?)));
        let with_case = cases.map(|(case, more)| (case, [&own[..], more.as_array().unwrap()].concat()));
        let with_case: Vec<_> = with_case.collect();
        if with_case.is_empty() { vec![(0, own)] } else { with_case }
    }

    /// A body with these fields: strings of three characters, times empty, one entry a kind. `instead` gives one
    /// string or text another length.
    fn body(&self, fields: &[Value], switch: u8, instead: Instead<'_>) -> Vec<u8> {
        fields.iter().flat_map(|field| self.octets(field, fields, switch, instead)).collect()
    }

    fn octets(&self, field: &Value, all: &[Value], switch: u8, instead: Instead<'_>) -> Vec<u8> {
        let name = field["name"].as_str().unwrap();
        let length = |usual| instead.filter(|(of, _)| *of == name).map_or(usual, |(_, length)| length);
        match field["type"].as_str().unwrap() {
            "u8" if name == "dest_flag" => vec![switch],
            "u8" => vec![match (field.get("length_of"), field.get("count_of")) {
                (Some(of), _) => {
                    instead.filter(|(name, _)| *name == of.as_str().unwrap()).map_or(3, |(_, l)| l) as u8
                }
                (_, Some(of)) => {
                    let list = all.iter().find(|list| list["name"] == *of).unwrap();
                    self.entries(list).len() as u8
                }
                _ => 7,
            }],
            "u32" => vec![0, 0, 0, 7],
            "cstring" => [vec![b'x'; length(3)], vec![0]].concat(),
            "cstring_fixed" => [vec![b'1'; length(0)], vec![0]].concat(),
            "octets" => vec![b'y'; length(3)],
            "list" => {
                let entries = self.entries(field).into_iter();
                entries.flat_map(|(case, fields)| self.body(&fields, case, instead)).collect()
            }
            other => panic!("a field of type {other}"),
        }
    }

    /// Every field with its kind, entries of lists too, as the file has them.
    fn names(&self, fields: &[Value]) -> Vec<String> {
        fields.iter().flat_map(|field| self.name(field)).collect()
    }

    fn name(&self, field: &Value) -> Vec<String> {
        let name = field["name"].as_str().unwrap();
        let kind = match field["type"].as_str().unwrap() {
            "u8" | "u32" => "integer",
            "cstring" | "cstring_fixed" => "string",
            "octets" => "octets",
            "list" => {
                let entries = self.entries(field).into_iter();
                let inner = entries.flat_map(|(_, fields)| self.names(&fields));
                return std::iter::once(format!("{name}: list")).chain(inner).collect();
            }
            other => panic!("a field of type {other}"),
        };
        vec![format!("{name}: {kind}")]
    }

    /// The fields that have a limit, those of entries too.
    fn limited(&self, fields: &[Value]) -> Vec<Value> {
        let inner = |field: &Value| match field["type"].as_str() {
            Some("list") => self.entries(field).iter().flat_map(|(_, fields)| self.limited(fields)).collect(),
            Some("cstring" | "cstring_fixed" | "octets") => vec![field.clone()],
            _ => vec![],
        };
        fields.iter().flat_map(inner).collect()
    }
}

fn fields(of: &Value) -> Vec<Value> {
    of["fields"].as_array().unwrap().clone()
}

fn frame(command: &Value, body: &[u8]) -> Frame {
    let id = u32::try_from(command["id"].as_integer().unwrap()).unwrap();
    let length = u32::try_from(16 + body.len()).unwrap();
    let octets = [&length.to_be_bytes()[..], &id.to_be_bytes(), &[0, 0, 0, 0], &[0, 0, 0, 1], body].concat();
    Frame::new(octets.into()).unwrap()
}

fn named(name: &str, field: Field<'_>) -> Vec<String> {
    let kind = match field {
        Field::Integer(_) => "integer",
        Field::CString(_) => "string",
        Field::Octets(_) => "octets",
        Field::List(entries) => {
            let mut names = vec![format!("{name}: list")];
            entries.each(&mut |_, name, field| names.extend(named(name, field)));
            return names;
        }
        other => panic!("a field {other:?}"),
    };
    vec![format!("{name}: {kind}")]
}

/// What a strict reader notes about a PDU, after making sure that it reads it.
fn notices(frame: FrameRef<'_>) -> Vec<String> {
    let mut notices = Vec::new();
    let read = strict::read_each(frame, &mut |seen| {
        if let Seen::Notice(notice) = seen {
            notices.push(notice.to_string());
        }
    });
    read.unwrap_or_else(|fault| panic!("{frame:?}: {fault}"));
    notices
}

fn pdu(frame: &Frame) -> Pdu<'_> {
    strict::read(frame.as_ref()).unwrap()
}

#[test]
fn every_command_has_the_fields_of_the_specification_in_their_order() {
    let spec = Spec::read();
    for command in spec.commands() {
        let fields = fields(command);
        let frame = frame(command, &spec.body(&fields, 0, None));
        let (mut seen, mut names) = (Vec::new(), Vec::new());
        let pdu = strict::read_each(frame.as_ref(), &mut |what| {
            if let Seen::Field(name, field) = what {
                seen.extend(named(name, field));
            }
        });
        let pdu = pdu.unwrap_or_else(|fault| panic!("{}: {fault}", command["name"]));
        pdu.fields(&mut |name, field| names.extend(named(name, field)));
        assert!(!matches!(pdu, Pdu::Other(_)), "{}", command["name"]);
        assert_eq!(seen, spec.names(&fields), "{}", command["name"]);
        assert_eq!(names, seen, "{}", command["name"]);
        assert_eq!(pdu.command_id(), frame.id());
    }
}

#[test]
fn every_body_comes_back_from_either_reader_and_goes_out_as_it_came() {
    let spec = Spec::read();
    for command in spec.commands() {
        let body = [&spec.body(&fields(command), 0, None)[..], b"\x14\x01\x00\x02ab"].concat();
        let frame = frame(command, &body);
        let (generous, warnings) = frame.view().unwrap();
        assert_eq!((generous, warnings.is_empty()), (pdu(&frame), true), "{}", command["name"]);
        let mut written = Vec::new();
        generous.write(&mut written, smpp_wire::InterfaceVersion::V5_0).unwrap();
        assert_eq!(written, body, "{}", command["name"]);
        assert_eq!(generous.tlvs().iter().count(), 1, "{}", command["name"]);
    }
}

#[test]
fn every_string_has_the_length_of_the_specification() {
    let spec = Spec::read();
    let mut seen = 0;
    for command in spec.commands() {
        let fields = fields(command);
        for field in spec.limited(&fields).iter().filter(|field| field["type"].as_str() == Some("cstring")) {
            let name = field["name"].as_str().unwrap();
            let max = usize::try_from(field["max"].as_integer().unwrap()).unwrap();
            let longest = frame(command, &spec.body(&fields, 0, Some((name, max - 1))));
            assert_eq!(notices(longest.as_ref()), [""; 0], "{}", command["name"]);
            assert_eq!(pdu(&longest).check(), Ok(()), "{}", command["name"]);
            let longer = frame(command, &spec.body(&fields, 0, Some((name, max))));
            let expected =
                Unwritable::TooLong { field: field_of(&pdu(&longer), name), octets: max, max: max - 1 };
            assert_eq!(notices(longer.as_ref()), [format!("cstring_too_long:{name}")], "{}", command["name"]);
            assert_eq!(pdu(&longer).check(), Err(expected), "{}", command["name"]);
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen} strings");
}

#[test]
fn every_time_is_empty_or_has_sixteen_characters() {
    let spec = Spec::read();
    for command in spec.commands() {
        let fields = fields(command);
        for field in fields.iter().filter(|field| field["type"].as_str() == Some("cstring_fixed")) {
            assert_eq!(field["sizes"], Value::from(vec![1, 17]));
            let name = field["name"].as_str().unwrap();
            for (length, is_odd) in [(0, false), (12, true), (15, true), (16, false), (17, true)] {
                let frame = frame(command, &spec.body(&fields, 0, Some((name, length))));
                let expected: Vec<_> =
                    is_odd.then(|| format!("cstring_bad_size:{name}")).into_iter().collect();
                assert_eq!(notices(frame.as_ref()), expected, "{}: {length}", command["name"]);
                assert_eq!(pdu(&frame).check().is_err(), is_odd, "{}: {length}", command["name"]);
            }
        }
    }
}

#[test]
fn every_text_is_checked_against_the_limit_of_3_4_or_of_its_own_version() {
    let spec = Spec::read();
    for command in spec.commands() {
        let fields = fields(command);
        for field in fields.iter().filter(|field| field["type"].as_str() == Some("octets")) {
            let limit = field.get("max_v34").unwrap_or(&field["max"]).as_integer().unwrap();
            let max = usize::try_from(limit).unwrap();
            let with = |length| frame(command, &spec.body(&fields, 0, Some(("short_message", length))));
            assert_eq!(pdu(&with(max)).check(), Ok(()), "{}", command["name"]);
            let expected = Unwritable::TooLong { field: "short_message", octets: max + 1, max };
            assert_eq!(pdu(&with(max + 1)).check(), Err(expected), "{}", command["name"]);
        }
    }
}

/// The name as the crate has it, which lives as long as the crate.
fn field_of(pdu: &Pdu<'_>, wanted: &str) -> &'static str {
    let mut found = None;
    pdu.fields(&mut |name, field| {
        let mut note = |name: &'static str| found = found.or((name == wanted).then_some(name));
        note(name);
        if let Field::List(entries) = field {
            entries.each(&mut |_, name, _| note(name));
        }
    });
    found.unwrap_or_else(|| panic!("no field {wanted}"))
}
