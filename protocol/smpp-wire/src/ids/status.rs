//! `command_status` and the table of statuses.

use core::fmt;

use super::InterfaceVersion;

/// How a request fared (SMPP 5.0 §4.7.6). Any number is kept; [`STATUSES`] names the known ones.
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CommandStatus(pub u32);

impl CommandStatus {
    pub const OK: Self = Self(0x0000);
    pub const INVALID_MESSAGE_LENGTH: Self = Self(0x0001);
    pub const INVALID_COMMAND_LENGTH: Self = Self(0x0002);
    pub const INVALID_COMMAND_ID: Self = Self(0x0003);
    pub const INVALID_BIND_STATE: Self = Self(0x0004);
    pub const ALREADY_BOUND: Self = Self(0x0005);
    pub const INVALID_PRIORITY_FLAG: Self = Self(0x0006);
    pub const INVALID_REGISTERED_DELIVERY: Self = Self(0x0007);
    pub const SYSTEM_ERROR: Self = Self(0x0008);
    pub const INVALID_PARAMETER: Self = Self(0x0009);
    pub const INVALID_SOURCE_ADDRESS: Self = Self(0x000A);
    pub const INVALID_DESTINATION_ADDRESS: Self = Self(0x000B);
    pub const INVALID_MESSAGE_ID: Self = Self(0x000C);
    pub const BIND_FAILED: Self = Self(0x000D);
    pub const INVALID_PASSWORD: Self = Self(0x000E);
    pub const INVALID_SYSTEM_ID: Self = Self(0x000F);
    pub const CANCEL_FAILED: Self = Self(0x0011);
    pub const REPLACE_FAILED: Self = Self(0x0013);
    pub const MESSAGE_QUEUE_FULL: Self = Self(0x0014);
    pub const INVALID_SERVICE_TYPE: Self = Self(0x0015);
    pub const INVALID_NUMBER_OF_DESTINATIONS: Self = Self(0x0033);
    pub const INVALID_LIST_NAME: Self = Self(0x0034);
    pub const INVALID_DEST_FLAG: Self = Self(0x0040);
    pub const INVALID_SUBMIT_REPLACE: Self = Self(0x0042);
    pub const INVALID_ESM_CLASS: Self = Self(0x0043);
    pub const CANNOT_SUBMIT_TO_LIST: Self = Self(0x0044);
    pub const SUBMIT_FAILED: Self = Self(0x0045);
    pub const INVALID_SOURCE_ADDRESS_LENGTH: Self = Self(0x0046);
    pub const INVALID_DESTINATION_ADDRESS_LENGTH: Self = Self(0x0047);
    pub const INVALID_SOURCE_TON: Self = Self(0x0048);
    pub const INVALID_SOURCE_NPI: Self = Self(0x0049);
    pub const INVALID_DESTINATION_TON: Self = Self(0x0050);
    pub const INVALID_DESTINATION_NPI: Self = Self(0x0051);
    pub const INVALID_SYSTEM_TYPE: Self = Self(0x0053);
    pub const INVALID_REPLACE_FLAG: Self = Self(0x0054);
    pub const INVALID_NUMBER_OF_MESSAGES: Self = Self(0x0055);
    pub const LIMIT_EXCEEDED: Self = Self(0x0056);
    pub const THROTTLED: Self = Self(0x0058);
    pub const INVALID_SCHEDULE: Self = Self(0x0061);
    pub const INVALID_EXPIRY: Self = Self(0x0062);
    pub const INVALID_DEFAULT_MESSAGE_ID: Self = Self(0x0063);
    pub const RECEIVER_TEMPORARY_ERROR: Self = Self(0x0064);
    pub const RECEIVER_PERMANENT_ERROR: Self = Self(0x0065);
    pub const RECEIVER_REJECT_ERROR: Self = Self(0x0066);
    pub const QUERY_FAILED: Self = Self(0x0067);
    pub const INVALID_TLV_STREAM: Self = Self(0x00C0);
    pub const TLV_NOT_ALLOWED: Self = Self(0x00C1);
    pub const INVALID_TLV_LENGTH: Self = Self(0x00C2);
    pub const MISSING_TLV: Self = Self(0x00C3);
    pub const INVALID_TLV_VALUE: Self = Self(0x00C4);
    pub const DELIVERY_FAILURE: Self = Self(0x00FE);
    pub const UNKNOWN_ERROR: Self = Self(0x00FF);
    pub const SERVICE_TYPE_UNAUTHORISED: Self = Self(0x0100);
    pub const PROHIBITED: Self = Self(0x0101);
    pub const SERVICE_TYPE_UNAVAILABLE: Self = Self(0x0102);
    pub const SERVICE_TYPE_DENIED: Self = Self(0x0103);
    pub const INVALID_DATA_CODING: Self = Self(0x0104);
    pub const INVALID_SOURCE_SUBUNIT: Self = Self(0x0105);
    pub const INVALID_DESTINATION_SUBUNIT: Self = Self(0x0106);
    pub const INVALID_BROADCAST_FREQUENCY: Self = Self(0x0107);
    pub const INVALID_BROADCAST_ALIAS: Self = Self(0x0108);
    pub const INVALID_BROADCAST_AREA_FORMAT: Self = Self(0x0109);
    pub const INVALID_NUMBER_OF_BROADCAST_AREAS: Self = Self(0x010A);
    pub const INVALID_BROADCAST_CONTENT_TYPE: Self = Self(0x010B);
    pub const INVALID_BROADCAST_MESSAGE_CLASS: Self = Self(0x010C);
    pub const BROADCAST_FAILED: Self = Self(0x010D);
    pub const BROADCAST_QUERY_FAILED: Self = Self(0x010E);
    pub const BROADCAST_CANCEL_FAILED: Self = Self(0x010F);
    pub const INVALID_BROADCAST_REPEAT: Self = Self(0x0110);
    pub const INVALID_BROADCAST_SERVICE_GROUP: Self = Self(0x0111);
    pub const INVALID_BROADCAST_CHANNEL: Self = Self(0x0112);

    /// The numbers a vendor may give its own meaning (SMPP 3.4 §5.1.3).
    pub const VENDOR: core::ops::RangeInclusive<u32> = 0x0400..=0x04FF;

    pub const fn is_ok(self) -> bool {
        self.0 == 0
    }

    /// The specification's name, `ESME_RTHROTTLED`; `None` for a number no version defines.
    pub fn name(self) -> Option<&'static str> {
        self.facts().map(|status| status.name)
    }

    /// The row of [`STATUSES`].
    pub fn facts(self) -> Option<&'static Status> {
        STATUSES.binary_search_by_key(&self, |status| status.code).ok().map(|row| &STATUSES[row])
    }

    /// What a sender should make of it; an unknown number counts as permanent.
    pub fn class(self) -> Class {
        self.facts().map_or(Class::Permanent, |status| status.class)
    }
}

impl fmt::Display for CommandStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} 0x{:02X}", self.0),
            None => write!(f, "status 0x{:02X}", self.0),
        }
    }
}

impl fmt::Debug for CommandStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CommandStatus({self})")
    }
}

/// What kind of answer a status is. Ours, for decisions about a retry; no version defines it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Class {
    Ok,
    Temporary,
    Permanent,
    /// The peer asks for a lower rate.
    Throttle,
    /// One side broke the protocol.
    Protocol,
    /// The bind was refused.
    Auth,
}

/// What to do with a request that got this answer.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Retry {
    None,
    Never,
    /// A few tries.
    Limited,
    /// Keep trying, slower.
    Backoff,
    Rebind,
    /// Stop and tell a person.
    Operator,
}

/// A row of [`STATUSES`].
#[derive(Clone, Copy, Debug)]
pub struct Status {
    pub code: CommandStatus,
    pub name: &'static str,
    pub since: InterfaceVersion,
    pub class: Class,
    pub retry: Retry,
    pub meaning: &'static str,
}

use Class::{Auth, Permanent, Protocol, Temporary, Throttle};
use CommandStatus as S;
use Retry::{Backoff, Limited, Never, Operator, Rebind};

const V3_3: InterfaceVersion = InterfaceVersion::V3_3;
const V3_4: InterfaceVersion = InterfaceVersion::V3_4;
const V5_0: InterfaceVersion = InterfaceVersion::V5_0;

/// One row a status, by number (SMPP 5.0 §4.7.6; those of 3.3 alone as implementations number them).
#[rustfmt::skip]
pub const STATUSES: &[Status] = &[
    Status { code: S::OK,                                 name: "ESME_ROK",                 since: V3_3, class: Class::Ok, retry: Retry::None, meaning: "success" },
    Status { code: S::INVALID_MESSAGE_LENGTH,             name: "ESME_RINVMSGLEN",          since: V3_3, class: Permanent, retry: Never,       meaning: "text or message_payload length not acceptable" },
    Status { code: S::INVALID_COMMAND_LENGTH,             name: "ESME_RINVCMDLEN",          since: V3_3, class: Protocol,  retry: Never,       meaning: "command_length too short or too long for the PDU" },
    Status { code: S::INVALID_COMMAND_ID,                 name: "ESME_RINVCMDID",           since: V3_3, class: Protocol,  retry: Never,       meaning: "command_id unknown or unsupported" },
    Status { code: S::INVALID_BIND_STATE,                 name: "ESME_RINVBNDSTS",          since: V3_3, class: Protocol,  retry: Rebind,      meaning: "PDU not allowed in the current session state" },
    Status { code: S::ALREADY_BOUND,                      name: "ESME_RALYBND",             since: V3_3, class: Protocol,  retry: Never,       meaning: "bind on a session that is bound already" },
    Status { code: S::INVALID_PRIORITY_FLAG,              name: "ESME_RINVPRTFLG",          since: V3_3, class: Permanent, retry: Never,       meaning: "priority_flag value refused" },
    Status { code: S::INVALID_REGISTERED_DELIVERY,        name: "ESME_RINVREGDLVFLG",       since: V3_3, class: Permanent, retry: Never,       meaning: "registered_delivery value refused or feature disabled" },
    Status { code: S::SYSTEM_ERROR,                       name: "ESME_RSYSERR",             since: V3_3, class: Temporary, retry: Limited,     meaning: "part of the MC is unavailable" },
    Status { code: S::INVALID_PARAMETER,                  name: "ESME_RINVPAR",             since: V3_3, class: Permanent, retry: Never,       meaning: "some parameter invalid" },
    Status { code: S::INVALID_SOURCE_ADDRESS,             name: "ESME_RINVSRCADR",          since: V3_3, class: Permanent, retry: Never,       meaning: "source address refused" },
    Status { code: S::INVALID_DESTINATION_ADDRESS,        name: "ESME_RINVDSTADR",          since: V3_3, class: Permanent, retry: Never,       meaning: "destination address refused" },
    Status { code: S::INVALID_MESSAGE_ID,                 name: "ESME_RINVMSGID",           since: V3_3, class: Permanent, retry: Never,       meaning: "message_id unknown" },
    Status { code: S::BIND_FAILED,                        name: "ESME_RBINDFAIL",           since: V3_4, class: Auth,      retry: Operator,    meaning: "bind refused, generic" },
    Status { code: S::INVALID_PASSWORD,                   name: "ESME_RINVPASWD",           since: V3_3, class: Auth,      retry: Operator,    meaning: "password field refused" },
    Status { code: S::INVALID_SYSTEM_ID,                  name: "ESME_RINVSYSID",           since: V3_3, class: Auth,      retry: Operator,    meaning: "system_id field refused" },
    Status { code: S::CANCEL_FAILED,                      name: "ESME_RCANCELFAIL",         since: V3_4, class: Permanent, retry: Never,       meaning: "cancel_sm failed" },
    Status { code: S::REPLACE_FAILED,                     name: "ESME_RREPLACEFAIL",        since: V3_4, class: Permanent, retry: Never,       meaning: "replace_sm failed" },
    Status { code: S::MESSAGE_QUEUE_FULL,                 name: "ESME_RMSGQFUL",            since: V3_3, class: Throttle,  retry: Backoff,     meaning: "queue for the destination, or of the MC, is full" },
    Status { code: S::INVALID_SERVICE_TYPE,               name: "ESME_RINVSERTYP",          since: V3_4, class: Permanent, retry: Never,       meaning: "service_type unknown or malformed" },
    Status { code: S::INVALID_NUMBER_OF_DESTINATIONS,     name: "ESME_RINVNUMDESTS",        since: V3_3, class: Permanent, retry: Never,       meaning: "number_of_dests out of range" },
    Status { code: S::INVALID_LIST_NAME,                  name: "ESME_RINVDLNAME",          since: V3_4, class: Permanent, retry: Never,       meaning: "distribution list name unknown or malformed" },
    Status { code: S::INVALID_DEST_FLAG,                  name: "ESME_RINVDESTFLAG",        since: V3_3, class: Permanent, retry: Never,       meaning: "dest_flag value refused" },
    Status { code: S::INVALID_SUBMIT_REPLACE,             name: "ESME_RINVSUBREP",          since: V3_3, class: Permanent, retry: Never,       meaning: "submit with replace not available here" },
    Status { code: S::INVALID_ESM_CLASS,                  name: "ESME_RINVESMCLASS",        since: V3_3, class: Permanent, retry: Never,       meaning: "esm_class value refused" },
    Status { code: S::CANNOT_SUBMIT_TO_LIST,              name: "ESME_RCNTSUBDL",           since: V3_3, class: Permanent, retry: Never,       meaning: "distribution lists not available" },
    Status { code: S::SUBMIT_FAILED,                      name: "ESME_RSUBMITFAIL",         since: V3_4, class: Temporary, retry: Limited,     meaning: "submission failed, generic" },
    Status { code: S::INVALID_SOURCE_ADDRESS_LENGTH,      name: "ESME_RINVSRCADDRLEN",      since: V3_3, class: Permanent, retry: Never,       meaning: "source address length invalid" },
    Status { code: S::INVALID_DESTINATION_ADDRESS_LENGTH, name: "ESME_RINVDSTADDRLEN",      since: V3_3, class: Permanent, retry: Never,       meaning: "destination address length invalid" },
    Status { code: S::INVALID_SOURCE_TON,                 name: "ESME_RINVSRCTON",          since: V3_3, class: Permanent, retry: Never,       meaning: "source TON refused" },
    Status { code: S::INVALID_SOURCE_NPI,                 name: "ESME_RINVSRCNPI",          since: V3_3, class: Permanent, retry: Never,       meaning: "source NPI refused" },
    Status { code: S::INVALID_DESTINATION_TON,            name: "ESME_RINVDSTTON",          since: V3_3, class: Permanent, retry: Never,       meaning: "destination TON refused" },
    Status { code: S::INVALID_DESTINATION_NPI,            name: "ESME_RINVDSTNPI",          since: V3_3, class: Permanent, retry: Never,       meaning: "destination NPI refused" },
    Status { code: S::INVALID_SYSTEM_TYPE,                name: "ESME_RINVSYSTYP",          since: V3_3, class: Auth,      retry: Operator,    meaning: "system_type of a bind refused" },
    Status { code: S::INVALID_REPLACE_FLAG,               name: "ESME_RINVREPFLAG",         since: V3_3, class: Permanent, retry: Never,       meaning: "replace_if_present_flag value refused" },
    Status { code: S::INVALID_NUMBER_OF_MESSAGES,         name: "ESME_RINVNUMMSGS",         since: V3_3, class: Permanent, retry: Never,       meaning: "number of messages out of range" },
    Status { code: S::LIMIT_EXCEEDED,                     name: "ESME_RLIMITEXCEED",        since: V3_3, class: Throttle,  retry: Backoff,     meaning: "session transaction limit reached" },
    Status { code: S::THROTTLED,                          name: "ESME_RTHROTTLED",          since: V3_3, class: Throttle,  retry: Backoff,     meaning: "ESME exceeded its allowed rate" },
    Status { code: S::INVALID_SCHEDULE,                   name: "ESME_RINVSCHED",           since: V3_3, class: Permanent, retry: Never,       meaning: "schedule_delivery_time malformed or refused" },
    Status { code: S::INVALID_EXPIRY,                     name: "ESME_RINVEXPIRY",          since: V3_3, class: Permanent, retry: Never,       meaning: "validity_period malformed or refused" },
    Status { code: S::INVALID_DEFAULT_MESSAGE_ID,         name: "ESME_RINVDFTMSGID",        since: V3_4, class: Permanent, retry: Never,       meaning: "predefined message unknown" },
    Status { code: S::RECEIVER_TEMPORARY_ERROR,           name: "ESME_RX_T_APPN",           since: V3_4, class: Temporary, retry: Backoff,     meaning: "receiving ESME asks for a later retry" },
    Status { code: S::RECEIVER_PERMANENT_ERROR,           name: "ESME_RX_P_APPN",           since: V3_4, class: Permanent, retry: Never,       meaning: "receiving ESME gives up on this destination" },
    Status { code: S::RECEIVER_REJECT_ERROR,              name: "ESME_RX_R_APPN",           since: V3_4, class: Permanent, retry: Never,       meaning: "receiving ESME rejects this one message" },
    Status { code: S::QUERY_FAILED,                       name: "ESME_RQUERYFAIL",          since: V3_4, class: Temporary, retry: Limited,     meaning: "query_sm failed, generic" },
    Status { code: S::INVALID_TLV_STREAM,                 name: "ESME_RINVTLVSTREAM",       since: V3_4, class: Protocol,  retry: Never,       meaning: "TLV part undecodable: 1-3 octets left over, or a length past the end" },
    Status { code: S::TLV_NOT_ALLOWED,                    name: "ESME_RTLVNOTALLWD",        since: V3_4, class: Permanent, retry: Never,       meaning: "TLV not allowed here" },
    Status { code: S::INVALID_TLV_LENGTH,                 name: "ESME_RINVTLVLEN",          since: V3_4, class: Protocol,  retry: Never,       meaning: "TLV (3.4: any parameter) length invalid" },
    Status { code: S::MISSING_TLV,                        name: "ESME_RMISSINGTLV",         since: V3_4, class: Protocol,  retry: Never,       meaning: "a required TLV is missing" },
    Status { code: S::INVALID_TLV_VALUE,                  name: "ESME_RINVTLVVAL",          since: V3_4, class: Permanent, retry: Never,       meaning: "TLV value invalid" },
    Status { code: S::DELIVERY_FAILURE,                   name: "ESME_RDELIVERYFAILURE",    since: V3_4, class: Temporary, retry: Limited,     meaning: "delivery in transaction mode failed" },
    Status { code: S::UNKNOWN_ERROR,                      name: "ESME_RUNKNOWNERR",         since: V3_3, class: Temporary, retry: Limited,     meaning: "unspecified error" },
    Status { code: S::SERVICE_TYPE_UNAUTHORISED,          name: "ESME_RSERTYPUNAUTH",       since: V5_0, class: Permanent, retry: Never,       meaning: "ESME may not use this service_type" },
    Status { code: S::PROHIBITED,                         name: "ESME_RPROHIBITED",         since: V5_0, class: Permanent, retry: Never,       meaning: "ESME may not use this operation" },
    Status { code: S::SERVICE_TYPE_UNAVAILABLE,           name: "ESME_RSERTYPUNAVAIL",      since: V5_0, class: Temporary, retry: Backoff,     meaning: "service_type out of service at present" },
    Status { code: S::SERVICE_TYPE_DENIED,                name: "ESME_RSERTYPDENIED",       since: V5_0, class: Permanent, retry: Never,       meaning: "content unfit for the service_type" },
    Status { code: S::INVALID_DATA_CODING,                name: "ESME_RINVDCS",             since: V5_0, class: Permanent, retry: Never,       meaning: "data_coding invalid or unsupported" },
    Status { code: S::INVALID_SOURCE_SUBUNIT,             name: "ESME_RINVSRCADDRSUBUNIT",  since: V5_0, class: Permanent, retry: Never,       meaning: "source_addr_subunit invalid" },
    Status { code: S::INVALID_DESTINATION_SUBUNIT,        name: "ESME_RINVDSTADDRSUBUNIT",  since: V5_0, class: Permanent, retry: Never,       meaning: "dest_addr_subunit invalid" },
    Status { code: S::INVALID_BROADCAST_FREQUENCY,        name: "ESME_RINVBCASTFREQINT",    since: V5_0, class: Permanent, retry: Never,       meaning: "broadcast_frequency_interval invalid" },
    Status { code: S::INVALID_BROADCAST_ALIAS,            name: "ESME_RINVBCASTALIAS_NAME", since: V5_0, class: Permanent, retry: Never,       meaning: "broadcast area alias invalid" },
    Status { code: S::INVALID_BROADCAST_AREA_FORMAT,      name: "ESME_RINVBCASTAREAFMT",    since: V5_0, class: Permanent, retry: Never,       meaning: "broadcast area format invalid" },
    Status { code: S::INVALID_NUMBER_OF_BROADCAST_AREAS,  name: "ESME_RINVNUMBCAST_AREAS",  since: V5_0, class: Permanent, retry: Never,       meaning: "number of broadcast areas invalid" },
    Status { code: S::INVALID_BROADCAST_CONTENT_TYPE,     name: "ESME_RINVBCASTCNTTYPE",    since: V5_0, class: Permanent, retry: Never,       meaning: "broadcast_content_type invalid" },
    Status { code: S::INVALID_BROADCAST_MESSAGE_CLASS,    name: "ESME_RINVBCASTMSGCLASS",   since: V5_0, class: Permanent, retry: Never,       meaning: "broadcast_message_class invalid" },
    Status { code: S::BROADCAST_FAILED,                   name: "ESME_RBCASTFAIL",          since: V5_0, class: Temporary, retry: Limited,     meaning: "broadcast_sm failed" },
    Status { code: S::BROADCAST_QUERY_FAILED,             name: "ESME_RBCASTQUERYFAIL",     since: V5_0, class: Temporary, retry: Limited,     meaning: "query_broadcast_sm failed" },
    Status { code: S::BROADCAST_CANCEL_FAILED,            name: "ESME_RBCASTCANCELFAIL",    since: V5_0, class: Permanent, retry: Never,       meaning: "cancel_broadcast_sm failed" },
    Status { code: S::INVALID_BROADCAST_REPEAT,           name: "ESME_RINVBCAST_REP",       since: V5_0, class: Permanent, retry: Never,       meaning: "broadcast_rep_num invalid" },
    Status { code: S::INVALID_BROADCAST_SERVICE_GROUP,    name: "ESME_RINVBCASTSRVGRP",     since: V5_0, class: Permanent, retry: Never,       meaning: "broadcast_service_group invalid" },
    Status { code: S::INVALID_BROADCAST_CHANNEL,          name: "ESME_RINVBCASTCHANIND",    since: V5_0, class: Permanent, retry: Never,       meaning: "broadcast_channel_indicator invalid" },
];
