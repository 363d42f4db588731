//! The tables of the crate against `spec/*.toml`.

use smpp_wire::ids::{Class, Retry, Side, State};
use smpp_wire::{COMMANDS, CommandId, CommandStatus, InterfaceVersion, STATUSES, TAGS, Tag};
use toml::{Table, Value};

use crate::spec_file;

const SIDES: [(Side, &str); 2] = [(Side::Esme, "esme"), (Side::Mc, "mc")];

const STATES: [(State, &str); 6] = [
    (State::Open, "open"),
    (State::Outbound, "outbound"),
    (State::BoundTx, "bound_tx"),
    (State::BoundRx, "bound_rx"),
    (State::BoundTrx, "bound_trx"),
    (State::Unbound, "unbound"),
];

fn rows(file: &str, table: &str) -> Vec<Value> {
    let file: Table = spec_file(file).parse().unwrap();
    file[table].as_array().unwrap().clone()
}

fn version(text: &Value) -> InterfaceVersion {
    match text.as_str().unwrap() {
        "3.3" => InterfaceVersion::V3_3,
        "3.4" => InterfaceVersion::V3_4,
        "5.0" => InterfaceVersion::V5_0,
        other => panic!("a version {other}"),
    }
}

fn number(value: &Value) -> u32 {
    value.as_integer().unwrap().try_into().unwrap()
}

#[test]
fn every_command_has_its_row_and_no_other_has_one() {
    let facts = rows("commands.toml", "command");
    assert_eq!(COMMANDS.len(), facts.len());
    for fact in &facts {
        let id = CommandId(number(&fact["id"]));
        let row = id.command().unwrap_or_else(|| panic!("no row for {fact}"));
        let versions = fact["versions"].as_array().unwrap();
        assert_eq!(id.name(), fact["name"].as_str());
        assert_eq!(id.is_response(), fact["kind"].as_str() == Some("response"), "{id}");
        assert_eq!(row.since, version(&fact["since"]), "{id}");
        assert_eq!(row.until, version(versions.last().unwrap()), "{id}");
        if let Some(response) = fact.get("response") {
            assert_eq!(id.response().name(), response.as_str());
            assert_eq!(id.response().request(), id);
        }
    }
}

#[test]
fn every_command_may_be_sent_when_the_specification_says() {
    for fact in rows("commands.toml", "command") {
        let row = CommandId(number(&fact["id"])).command().unwrap();
        for (key, version) in [("states_v34", InterfaceVersion::V3_4), ("states_v50", InterfaceVersion::V5_0)]
        {
            let Some(states) = fact.get(key) else { continue };
            for ((side, side_name), (state, state_name)) in
                SIDES.into_iter().flat_map(|side| STATES.map(|state| (side, state)))
            {
                let senders = states.get(state_name).and_then(Value::as_array);
                let listed = senders
                    .is_some_and(|senders| senders.iter().any(|sender| sender.as_str() == Some(side_name)));
                assert_eq!(
                    row.permits(side, state, version),
                    listed,
                    "{} from {side_name} in {state_name}, {key}",
                    row.name
                );
            }
        }
    }
}

#[test]
fn in_3_3_a_command_may_be_sent_as_in_3_4_without_transceivers() {
    for fact in rows("commands.toml", "command") {
        let row = CommandId(number(&fact["id"])).command().unwrap();
        let Some(states) = fact.get("states_v33") else {
            continue;
        };
        for ((side, side_name), (state, state_name)) in
            SIDES.into_iter().flat_map(|side| STATES.map(|state| (side, state)))
        {
            let senders = states.get(state_name).and_then(Value::as_array);
            let listed = senders
                .is_some_and(|senders| senders.iter().any(|sender| sender.as_str() == Some(side_name)));
            let permitted = state != State::BoundTrx && row.permits(side, state, InterfaceVersion::V3_3);
            assert_eq!(permitted, listed, "{} from {side_name} in {state_name}", row.name);
        }
    }
}

#[test]
fn every_status_with_a_number_has_its_row_and_no_other_has_one() {
    let mut facts = rows("status.toml", "status");
    facts.retain(|fact| fact.get("code").is_some());
    assert_eq!(STATUSES.len(), facts.len());
    for fact in &facts {
        let status = CommandStatus(number(&fact["code"]));
        let row = status.facts().unwrap_or_else(|| panic!("no row for {fact}"));
        assert_eq!(status.name(), fact["name"].as_str());
        assert_eq!(row.since, version(&fact["since"]), "{status}");
        assert_eq!(row.meaning, fact["meaning"].as_str().unwrap());
        assert_eq!(row.class, class(&fact["class"]), "{status}");
        assert_eq!(row.retry, retry(&fact["retry"]), "{status}");
    }
}

fn class(fact: &Value) -> Class {
    match fact.as_str().unwrap() {
        "ok" => Class::Ok,
        "temporary" => Class::Temporary,
        "permanent" => Class::Permanent,
        "throttle" => Class::Throttle,
        "protocol" => Class::Protocol,
        "auth" => Class::Auth,
        other => panic!("a class {other}"),
    }
}

fn retry(fact: &Value) -> Retry {
    match fact.as_str().unwrap() {
        "none" => Retry::None,
        "never" => Retry::Never,
        "limited" => Retry::Limited,
        "backoff" => Retry::Backoff,
        "rebind" => Retry::Rebind,
        "operator" => Retry::Operator,
        other => panic!("a retry {other}"),
    }
}

#[test]
fn every_tag_has_its_row_and_no_other_has_one() {
    let facts = rows("tlvs.toml", "tlv");
    assert_eq!(TAGS.len(), facts.len());
    for fact in &facts {
        let tag = Tag(number(&fact["tag"]).try_into().unwrap());
        let row = tag.facts().unwrap_or_else(|| panic!("no row for {fact}"));
        assert_eq!(tag.name(), fact["name"].as_str());
        assert_eq!(row.since, version(&fact["since"]), "{tag}");
        assert_eq!(u32::from(row.octets_min), number(&fact["min"]), "{tag}");
        assert_eq!(u32::from(row.octets_max), number(&fact["max"]), "{tag}");
    }
}

#[test]
fn the_tables_are_in_order_and_name_each_number_once() {
    assert!(STATUSES.is_sorted_by(|a, b| a.code < b.code));
    assert!(TAGS.is_sorted_by(|a, b| a.tag < b.tag));
    assert!(COMMANDS.is_sorted_by_key(|row| (row.id.request(), row.id)));
}

#[test]
fn numbers_print_as_a_carrier_engineer_writes_them() {
    assert_eq!(CommandStatus::THROTTLED.to_string(), "ESME_RTHROTTLED 0x58");
    assert_eq!(CommandStatus(0x0401).to_string(), "status 0x401");
    assert_eq!(CommandId::SUBMIT_SM.to_string(), "submit_sm");
    assert_eq!(CommandId(0x0100_0001).to_string(), "command 0x01000001");
    assert_eq!(Tag::MESSAGE_PAYLOAD.to_string(), "message_payload");
    assert_eq!(Tag(0x1401).to_string(), "tag 0x1401");
}
