//! PDUs as text: `submit_sm #7 to=15551234 "hi"`, `submit_sm_resp #7 ESME_RTHROTTLED`.

use smpp_wire::{
    Address, AlertNotification, Bare, Bind, BindMode, BindResp, BroadcastSm, CommandId, CommandStatus,
    DataSm, DeliverSmResp, EsmClass, Frame, Other, Outbind, Pdu, QuerySm, RegisteredDelivery, ShortMessage,
    SubmitSmResp, TAGS, Tag, Tlv, Tlvs,
};

use super::words::{Words, Wrong, number, octet, version};

/// A PDU on the wire: its command, `#number`, for a response its status, and its fields. Without a field it is a
/// header alone.
pub(crate) fn frame(words: &mut Words<'_>) -> Result<Frame, Wrong> {
    let id = words.command()?;
    let sequence = words.sequence()?;
    let status = if id.is_response() { words.status()? } else { CommandStatus::OK };
    let fields = Fields::of(words)?;
    if fields.is_empty() {
        return Ok(Frame::header_only(id, status, sequence));
    }
    fields.with(id, |pdu| Frame::write(status, sequence, pdu).map_err(|why| why.to_string()))?
}

/// The fields of a body: `key=value`, a text, and TLVs by their names or numbers, in the order written.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    named: Vec<(&'a str, &'a str)>,
    text: Option<&'a str>,
    tlvs: Vec<(Tag, Vec<u8>)>,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(words: &mut Words<'a>) -> Result<Self, Wrong> {
        let mut fields = Self::default();
        while !words.is_empty() {
            let word = words.next()?;
            if let Some(text) = word.strip_prefix('"') {
                fields.text = Some(text.trim_end_matches('"'));
                continue;
            }
            let (key, value) = word.split_once('=').ok_or_else(|| format!("{word:?} is no key=value"))?;
            match tlv(key, value)? {
                Some(tlv) => fields.tlvs.push(tlv),
                None => fields.named.push((key, value)),
            }
        }
        Ok(fields)
    }

    fn is_empty(&self) -> bool {
        self.named.is_empty() && self.text.is_none() && self.tlvs.is_empty()
    }

    fn word(&self, key: &str) -> &'a str {
        self.named.iter().find(|(name, _)| *name == key).map_or("", |(_, value)| value)
    }

    fn get(&self, key: &str) -> &'a [u8] {
        self.word(key).as_bytes()
    }

    fn text(&self) -> &'a [u8] {
        self.text.unwrap_or_default().as_bytes()
    }

    fn address(&self, key: &str) -> Result<Address<'a>, Wrong> {
        match self.word(key) {
            "" => Ok(Address::default()),
            digits => Address::try_from(digits).map_err(|why| why.to_string()),
        }
    }

    fn octet(&self, key: &str) -> Result<u8, Wrong> {
        match self.word(key) {
            "" => Ok(0),
            value => octet(value),
        }
    }

    /// Calls with the PDU that the fields make of a command.
    pub(crate) fn with<T>(&self, id: CommandId, call: impl FnOnce(&Pdu<'_>) -> T) -> Result<T, Wrong> {
        let list: Vec<Tlv<'_>> = self.tlvs.iter().map(|(tag, value)| Tlv { tag: *tag, value }).collect();
        Ok(call(&self.pdu(id, Tlvs::of(&list))?))
    }

    fn pdu<'t>(&'t self, id: CommandId, tlvs: Tlvs<'t>) -> Result<Pdu<'t>, Wrong> {
        if let Some(mode) = BindMode::of(id) {
            return Ok(if id.is_response() {
                Pdu::BindResp(BindResp { mode, system_id: self.get("system_id"), tlvs })
            } else {
                Pdu::Bind(self.bind(mode)?)
            });
        }
        let message_id = self.get("id");
        Ok(match id {
            CommandId::SUBMIT_SM => Pdu::SubmitSm(self.message(tlvs)?),
            CommandId::DELIVER_SM => Pdu::DeliverSm(self.message(tlvs)?),
            CommandId::DATA_SM => {
                Pdu::DataSm(DataSm { destination: self.address("to")?, tlvs, ..Default::default() })
            }
            CommandId::SUBMIT_SM_RESP => Pdu::SubmitSmResp(SubmitSmResp { message_id, tlvs }),
            CommandId::DELIVER_SM_RESP => Pdu::DeliverSmResp(DeliverSmResp { message_id, tlvs }),
            CommandId::QUERY_SM => Pdu::QuerySm(QuerySm { message_id, tlvs, ..Default::default() }),
            CommandId::BROADCAST_SM => {
                Pdu::BroadcastSm(BroadcastSm { message_id, tlvs, ..Default::default() })
            }
            CommandId::OUTBIND => Pdu::Outbind(Outbind {
                system_id: self.get("system_id"),
                password: self.get("password"),
                tlvs,
            }),
            CommandId::ALERT_NOTIFICATION => Pdu::AlertNotification(AlertNotification {
                source: self.address("from")?,
                tlvs,
                ..Default::default()
            }),
            CommandId::GENERIC_NACK => Pdu::GenericNack(Bare { tlvs }),
            CommandId::ENQUIRE_LINK_RESP => Pdu::EnquireLinkResp(Bare { tlvs }),
            CommandId::UNBIND_RESP => Pdu::UnbindResp(Bare { tlvs }),
            _ if id.command().is_none() => Pdu::Other(Other { id, body: self.text() }),
            _ => return Err(format!("{id} has no fields here")),
        })
    }

    fn message<'t, const COMMAND: u32>(&'t self, tlvs: Tlvs<'t>) -> Result<ShortMessage<'t, COMMAND>, Wrong> {
        Ok(ShortMessage {
            source: self.address("from")?,
            destination: self.address("to")?,
            esm_class: EsmClass(self.octet("esm_class")?),
            registered_delivery: RegisteredDelivery(self.octet("registered_delivery")?),
            short_message: self.text(),
            tlvs,
            ..Default::default()
        })
    }

    fn bind(&self, mode: BindMode) -> Result<Bind<'a>, Wrong> {
        Ok(Bind {
            mode,
            system_id: self.get("system_id"),
            password: self.get("password"),
            interface_version: version(self.word("version"))?,
            address_range: self.get("range"),
            ..Default::default()
        })
    }
}

/// A TLV, where the key is its name or number.
fn tlv(key: &str, value: &str) -> Result<Option<(Tag, Vec<u8>)>, Wrong> {
    let row = TAGS.iter().find(|row| row.name == key);
    let tag = match row {
        Some(row) => row.tag,
        None if key.starts_with("0x") => Tag(number(key)? as u16),
        None => return Ok(None),
    };
    let octets = match row {
        _ if tag == Tag::SC_INTERFACE_VERSION => vec![version(value)?.0],
        Some(row) if row.octets_max <= 4 => {
            number(value)?.to_be_bytes()[4 - usize::from(row.octets_max)..].to_vec()
        }
        _ => value.as_bytes().to_vec(),
    };
    Ok(Some((tag, octets)))
}
