//! TLV tags and their table.

use core::fmt;

use super::InterfaceVersion;

/// Which optional parameter a TLV is (SMPP 5.0 §4.8). Any number is kept; [`TAGS`] names the known ones.
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Tag(pub u16);

impl Tag {
    pub const DEST_ADDR_SUBUNIT: Self = Self(0x0005);
    pub const DEST_NETWORK_TYPE: Self = Self(0x0006);
    pub const DEST_BEARER_TYPE: Self = Self(0x0007);
    pub const DEST_TELEMATICS_ID: Self = Self(0x0008);
    pub const SOURCE_ADDR_SUBUNIT: Self = Self(0x000D);
    pub const SOURCE_NETWORK_TYPE: Self = Self(0x000E);
    pub const SOURCE_BEARER_TYPE: Self = Self(0x000F);
    pub const SOURCE_TELEMATICS_ID: Self = Self(0x0010);
    pub const QOS_TIME_TO_LIVE: Self = Self(0x0017);
    pub const PAYLOAD_TYPE: Self = Self(0x0019);
    pub const ADDITIONAL_STATUS_INFO_TEXT: Self = Self(0x001D);
    pub const RECEIPTED_MESSAGE_ID: Self = Self(0x001E);
    pub const MS_MSG_WAIT_FACILITIES: Self = Self(0x0030);
    pub const PRIVACY_INDICATOR: Self = Self(0x0201);
    pub const SOURCE_SUBADDRESS: Self = Self(0x0202);
    pub const DEST_SUBADDRESS: Self = Self(0x0203);
    pub const USER_MESSAGE_REFERENCE: Self = Self(0x0204);
    pub const USER_RESPONSE_CODE: Self = Self(0x0205);
    pub const SOURCE_PORT: Self = Self(0x020A);
    pub const DEST_PORT: Self = Self(0x020B);
    pub const SAR_MSG_REF_NUM: Self = Self(0x020C);
    pub const LANGUAGE_INDICATOR: Self = Self(0x020D);
    pub const SAR_TOTAL_SEGMENTS: Self = Self(0x020E);
    pub const SAR_SEGMENT_SEQNUM: Self = Self(0x020F);
    pub const SC_INTERFACE_VERSION: Self = Self(0x0210);
    pub const CALLBACK_NUM_PRES_IND: Self = Self(0x0302);
    pub const CALLBACK_NUM_ATAG: Self = Self(0x0303);
    pub const NUMBER_OF_MESSAGES: Self = Self(0x0304);
    pub const CALLBACK_NUM: Self = Self(0x0381);
    pub const DPF_RESULT: Self = Self(0x0420);
    pub const SET_DPF: Self = Self(0x0421);
    pub const MS_AVAILABILITY_STATUS: Self = Self(0x0422);
    pub const NETWORK_ERROR_CODE: Self = Self(0x0423);
    pub const MESSAGE_PAYLOAD: Self = Self(0x0424);
    pub const DELIVERY_FAILURE_REASON: Self = Self(0x0425);
    pub const MORE_MESSAGES_TO_SEND: Self = Self(0x0426);
    pub const MESSAGE_STATE: Self = Self(0x0427);
    pub const CONGESTION_STATE: Self = Self(0x0428);
    pub const USSD_SERVICE_OP: Self = Self(0x0501);
    pub const BROADCAST_CHANNEL_INDICATOR: Self = Self(0x0600);
    pub const BROADCAST_CONTENT_TYPE: Self = Self(0x0601);
    pub const BROADCAST_CONTENT_TYPE_INFO: Self = Self(0x0602);
    pub const BROADCAST_MESSAGE_CLASS: Self = Self(0x0603);
    pub const BROADCAST_REP_NUM: Self = Self(0x0604);
    pub const BROADCAST_FREQUENCY_INTERVAL: Self = Self(0x0605);
    pub const BROADCAST_AREA_IDENTIFIER: Self = Self(0x0606);
    pub const BROADCAST_ERROR_STATUS: Self = Self(0x0607);
    pub const BROADCAST_AREA_SUCCESS: Self = Self(0x0608);
    pub const BROADCAST_END_TIME: Self = Self(0x0609);
    pub const BROADCAST_SERVICE_GROUP: Self = Self(0x060A);
    pub const BILLING_IDENTIFICATION: Self = Self(0x060B);
    pub const SOURCE_NETWORK_ID: Self = Self(0x060D);
    pub const DEST_NETWORK_ID: Self = Self(0x060E);
    pub const SOURCE_NODE_ID: Self = Self(0x060F);
    pub const DEST_NODE_ID: Self = Self(0x0610);
    pub const DEST_ADDR_NP_RESOLUTION: Self = Self(0x0611);
    pub const DEST_ADDR_NP_INFORMATION: Self = Self(0x0612);
    pub const DEST_ADDR_NP_COUNTRY: Self = Self(0x0613);
    pub const DISPLAY_TIME: Self = Self(0x1201);
    pub const SMS_SIGNAL: Self = Self(0x1203);
    pub const MS_VALIDITY: Self = Self(0x1204);
    pub const ALERT_ON_MESSAGE_DELIVERY: Self = Self(0x130C);
    pub const ITS_REPLY_TYPE: Self = Self(0x1380);
    pub const ITS_SESSION_INFO: Self = Self(0x1383);

    /// The numbers a vendor may give its own meaning (SMPP 5.0 §4.8.1).
    pub const VENDOR: core::ops::RangeInclusive<u16> = 0x1400..=0x3FFF;

    /// The specification's name, `message_payload`; `None` for a tag no version defines.
    pub fn name(self) -> Option<&'static str> {
        self.facts().map(|facts| facts.name)
    }

    /// The row of [`TAGS`].
    pub fn facts(self) -> Option<&'static TagFacts> {
        self.row().map(|row| &TAGS[row])
    }
}

impl Tag {
    /// Where in [`TAGS`] its row is.
    pub(crate) fn row(self) -> Option<usize> {
        TAGS.binary_search_by_key(&self, |facts| facts.tag).ok()
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "tag 0x{:04X}", self.0),
        }
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}

/// A row of [`TAGS`].
#[derive(Clone, Copy, Debug)]
pub struct TagFacts {
    pub tag: Tag,
    pub name: &'static str,
    pub since: InterfaceVersion,
    pub kind: TlvKind,
    /// Octets of the value, at least and at most when we write.
    pub octets_min: u16,
    pub octets_max: u16,
    /// At most when we read; more than `octets_max` where the specification is at odds with itself.
    pub octets_accepted: u16,
    /// Whether a PDU may have several.
    pub repeats: bool,
}

impl TagFacts {
    /// Whether a value may have so many octets.
    pub fn fits(&self, octets: usize) -> bool {
        let in_range = (usize::from(self.octets_min)..=usize::from(self.octets_accepted)).contains(&octets);
        // A behaviour alone, or with a period of three octets.
        let between = self.kind == TlvKind::Validity && octets != 1 && octets != 4;
        in_range && !between
    }
}

/// What the value of a TLV is made of; see [`TlvValue`](crate::TlvValue).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TlvKind {
    /// As many octets as the row says.
    Integer,
    /// One octet or none.
    OptionalInteger,
    /// With its NUL.
    CString,
    Octets,
    Subaddress,
    CallbackTag,
    CallbackNumber,
    NetworkErrorCode,
    ContentType,
    Interval,
    Area,
    Billing,
    Validity,
    SessionInfo,
}

use TlvKind::{
    Area, Billing, CString, CallbackNumber, CallbackTag, ContentType, Integer, Interval, NetworkErrorCode,
    Octets, OptionalInteger, SessionInfo, Subaddress, Validity,
};

const V3_4: InterfaceVersion = InterfaceVersion::V3_4;
const V5_0: InterfaceVersion = InterfaceVersion::V5_0;

/// One row a tag, by number (SMPP 5.0 §4.8.4).
#[rustfmt::skip]
pub const TAGS: &[TagFacts] = &[
    TagFacts { tag: Tag::DEST_ADDR_SUBUNIT,            name: "dest_addr_subunit",            kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::DEST_NETWORK_TYPE,            name: "dest_network_type",            kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::DEST_BEARER_TYPE,             name: "dest_bearer_type",             kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::DEST_TELEMATICS_ID,           name: "dest_telematics_id",           kind: Integer,          since: V3_4, octets_min: 2,  octets_max: 2,     octets_accepted: 2,     repeats: false },
    TagFacts { tag: Tag::SOURCE_ADDR_SUBUNIT,          name: "source_addr_subunit",          kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SOURCE_NETWORK_TYPE,          name: "source_network_type",          kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SOURCE_BEARER_TYPE,           name: "source_bearer_type",           kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SOURCE_TELEMATICS_ID,         name: "source_telematics_id",         kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 2,     repeats: false },
    TagFacts { tag: Tag::QOS_TIME_TO_LIVE,             name: "qos_time_to_live",             kind: Integer,          since: V3_4, octets_min: 4,  octets_max: 4,     octets_accepted: 4,     repeats: false },
    TagFacts { tag: Tag::PAYLOAD_TYPE,                 name: "payload_type",                 kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::ADDITIONAL_STATUS_INFO_TEXT,  name: "additional_status_info_text",  kind: CString,          since: V3_4, octets_min: 1,  octets_max: 256,   octets_accepted: 256,   repeats: false },
    TagFacts { tag: Tag::RECEIPTED_MESSAGE_ID,         name: "receipted_message_id",         kind: CString,          since: V3_4, octets_min: 1,  octets_max: 65,    octets_accepted: 65,    repeats: false },
    TagFacts { tag: Tag::MS_MSG_WAIT_FACILITIES,       name: "ms_msg_wait_facilities",       kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::PRIVACY_INDICATOR,            name: "privacy_indicator",            kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SOURCE_SUBADDRESS,            name: "source_subaddress",            kind: Subaddress,       since: V3_4, octets_min: 2,  octets_max: 23,    octets_accepted: 23,    repeats: false },
    TagFacts { tag: Tag::DEST_SUBADDRESS,              name: "dest_subaddress",              kind: Subaddress,       since: V3_4, octets_min: 2,  octets_max: 23,    octets_accepted: 23,    repeats: false },
    TagFacts { tag: Tag::USER_MESSAGE_REFERENCE,       name: "user_message_reference",       kind: Integer,          since: V3_4, octets_min: 2,  octets_max: 2,     octets_accepted: 2,     repeats: false },
    TagFacts { tag: Tag::USER_RESPONSE_CODE,           name: "user_response_code",           kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SOURCE_PORT,                  name: "source_port",                  kind: Integer,          since: V3_4, octets_min: 2,  octets_max: 2,     octets_accepted: 2,     repeats: false },
    TagFacts { tag: Tag::DEST_PORT,                    name: "dest_port",                    kind: Integer,          since: V3_4, octets_min: 2,  octets_max: 2,     octets_accepted: 2,     repeats: false },
    TagFacts { tag: Tag::SAR_MSG_REF_NUM,              name: "sar_msg_ref_num",              kind: Integer,          since: V3_4, octets_min: 2,  octets_max: 2,     octets_accepted: 2,     repeats: false },
    TagFacts { tag: Tag::LANGUAGE_INDICATOR,           name: "language_indicator",           kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SAR_TOTAL_SEGMENTS,           name: "sar_total_segments",           kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SAR_SEGMENT_SEQNUM,           name: "sar_segment_seqnum",           kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SC_INTERFACE_VERSION,         name: "sc_interface_version",         kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::CALLBACK_NUM_PRES_IND,        name: "callback_num_pres_ind",        kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: true },
    TagFacts { tag: Tag::CALLBACK_NUM_ATAG,            name: "callback_num_atag",            kind: CallbackTag,      since: V3_4, octets_min: 0,  octets_max: 65,    octets_accepted: 65,    repeats: true },
    TagFacts { tag: Tag::NUMBER_OF_MESSAGES,           name: "number_of_messages",           kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::CALLBACK_NUM,                 name: "callback_num",                 kind: CallbackNumber,   since: V3_4, octets_min: 4,  octets_max: 19,    octets_accepted: 19,    repeats: true },
    TagFacts { tag: Tag::DPF_RESULT,                   name: "dpf_result",                   kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SET_DPF,                      name: "set_dpf",                      kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::MS_AVAILABILITY_STATUS,       name: "ms_availability_status",       kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::NETWORK_ERROR_CODE,           name: "network_error_code",           kind: NetworkErrorCode, since: V3_4, octets_min: 3,  octets_max: 3,     octets_accepted: 3,     repeats: false },
    TagFacts { tag: Tag::MESSAGE_PAYLOAD,              name: "message_payload",              kind: Octets,           since: V3_4, octets_min: 0,  octets_max: 65535, octets_accepted: 65535, repeats: false },
    TagFacts { tag: Tag::DELIVERY_FAILURE_REASON,      name: "delivery_failure_reason",      kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::MORE_MESSAGES_TO_SEND,        name: "more_messages_to_send",        kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::MESSAGE_STATE,                name: "message_state",                kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::CONGESTION_STATE,             name: "congestion_state",             kind: Integer,          since: V5_0, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::USSD_SERVICE_OP,              name: "ussd_service_op",              kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::BROADCAST_CHANNEL_INDICATOR,  name: "broadcast_channel_indicator",  kind: Integer,          since: V5_0, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::BROADCAST_CONTENT_TYPE,       name: "broadcast_content_type",       kind: ContentType,      since: V5_0, octets_min: 3,  octets_max: 3,     octets_accepted: 3,     repeats: false },
    TagFacts { tag: Tag::BROADCAST_CONTENT_TYPE_INFO,  name: "broadcast_content_type_info",  kind: Octets,           since: V5_0, octets_min: 1,  octets_max: 255,   octets_accepted: 255,   repeats: false },
    TagFacts { tag: Tag::BROADCAST_MESSAGE_CLASS,      name: "broadcast_message_class",      kind: Integer,          since: V5_0, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::BROADCAST_REP_NUM,            name: "broadcast_rep_num",            kind: Integer,          since: V5_0, octets_min: 2,  octets_max: 2,     octets_accepted: 2,     repeats: false },
    TagFacts { tag: Tag::BROADCAST_FREQUENCY_INTERVAL, name: "broadcast_frequency_interval", kind: Interval,         since: V5_0, octets_min: 3,  octets_max: 3,     octets_accepted: 3,     repeats: false },
    TagFacts { tag: Tag::BROADCAST_AREA_IDENTIFIER,    name: "broadcast_area_identifier",    kind: Area,             since: V5_0, octets_min: 1,  octets_max: 101,   octets_accepted: 101,   repeats: true },
    TagFacts { tag: Tag::BROADCAST_ERROR_STATUS,       name: "broadcast_error_status",       kind: Integer,          since: V5_0, octets_min: 4,  octets_max: 4,     octets_accepted: 4,     repeats: true },
    TagFacts { tag: Tag::BROADCAST_AREA_SUCCESS,       name: "broadcast_area_success",       kind: Integer,          since: V5_0, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: true },
    TagFacts { tag: Tag::BROADCAST_END_TIME,           name: "broadcast_end_time",           kind: CString,          since: V5_0, octets_min: 16, octets_max: 16,    octets_accepted: 17,    repeats: false },
    TagFacts { tag: Tag::BROADCAST_SERVICE_GROUP,      name: "broadcast_service_group",      kind: Octets,           since: V5_0, octets_min: 1,  octets_max: 255,   octets_accepted: 255,   repeats: false },
    TagFacts { tag: Tag::BILLING_IDENTIFICATION,       name: "billing_identification",       kind: Billing,          since: V5_0, octets_min: 1,  octets_max: 1024,  octets_accepted: 1024,  repeats: false },
    TagFacts { tag: Tag::SOURCE_NETWORK_ID,            name: "source_network_id",            kind: CString,          since: V5_0, octets_min: 7,  octets_max: 65,    octets_accepted: 65,    repeats: false },
    TagFacts { tag: Tag::DEST_NETWORK_ID,              name: "dest_network_id",              kind: CString,          since: V5_0, octets_min: 7,  octets_max: 65,    octets_accepted: 65,    repeats: false },
    TagFacts { tag: Tag::SOURCE_NODE_ID,               name: "source_node_id",               kind: Octets,           since: V5_0, octets_min: 6,  octets_max: 6,     octets_accepted: 6,     repeats: false },
    TagFacts { tag: Tag::DEST_NODE_ID,                 name: "dest_node_id",                 kind: Octets,           since: V5_0, octets_min: 6,  octets_max: 6,     octets_accepted: 6,     repeats: false },
    TagFacts { tag: Tag::DEST_ADDR_NP_RESOLUTION,      name: "dest_addr_np_resolution",      kind: Integer,          since: V5_0, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::DEST_ADDR_NP_INFORMATION,     name: "dest_addr_np_information",     kind: Octets,           since: V5_0, octets_min: 10, octets_max: 10,    octets_accepted: 10,    repeats: false },
    TagFacts { tag: Tag::DEST_ADDR_NP_COUNTRY,         name: "dest_addr_np_country",         kind: Octets,           since: V5_0, octets_min: 1,  octets_max: 5,     octets_accepted: 5,     repeats: false },
    TagFacts { tag: Tag::DISPLAY_TIME,                 name: "display_time",                 kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::SMS_SIGNAL,                   name: "sms_signal",                   kind: Integer,          since: V3_4, octets_min: 2,  octets_max: 2,     octets_accepted: 2,     repeats: false },
    TagFacts { tag: Tag::MS_VALIDITY,                  name: "ms_validity",                  kind: Validity,         since: V3_4, octets_min: 1,  octets_max: 4,     octets_accepted: 4,     repeats: false },
    TagFacts { tag: Tag::ALERT_ON_MESSAGE_DELIVERY,    name: "alert_on_message_delivery",    kind: OptionalInteger,  since: V3_4, octets_min: 0,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::ITS_REPLY_TYPE,               name: "its_reply_type",               kind: Integer,          since: V3_4, octets_min: 1,  octets_max: 1,     octets_accepted: 1,     repeats: false },
    TagFacts { tag: Tag::ITS_SESSION_INFO,             name: "its_session_info",             kind: SessionInfo,      since: V3_4, octets_min: 2,  octets_max: 2,     octets_accepted: 2,     repeats: false },
];
