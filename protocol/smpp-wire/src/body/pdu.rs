//! One PDU of any kind, read.

use super::{
    AlertNotification, Bind, BindMode, BindResp, BroadcastSm, BroadcastSmResp, CancelBroadcastSm,
    CancelBroadcastSmResp, CancelSm, CancelSmResp, DataSm, DataSmResp, DeliverSm, DeliverSmResp, EnquireLink,
    EnquireLinkResp, GenericNack, Other, Outbind, ParamRetrieve, ParamRetrieveResp, QueryBroadcastSm,
    QueryBroadcastSmResp, QueryLastMsgs, QueryLastMsgsResp, QueryMsgDetails, QueryMsgDetailsResp, QuerySm,
    QuerySmResp, ReplaceSm, ReplaceSmResp, SubmitMulti, SubmitMultiResp, SubmitSm, SubmitSmResp, Unbind,
    UnbindResp,
};
use crate::content::Content;
use crate::ids::CommandId;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// A view of a PDU.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Pdu<'a> {
    Bind(Bind<'a>),
    BindResp(BindResp<'a>),
    Outbind(Outbind<'a>),
    Unbind(Unbind<'a>),
    UnbindResp(UnbindResp<'a>),
    EnquireLink(EnquireLink<'a>),
    EnquireLinkResp(EnquireLinkResp<'a>),
    GenericNack(GenericNack<'a>),
    SubmitSm(SubmitSm<'a>),
    SubmitSmResp(SubmitSmResp<'a>),
    DeliverSm(DeliverSm<'a>),
    DeliverSmResp(DeliverSmResp<'a>),
    DataSm(DataSm<'a>),
    DataSmResp(DataSmResp<'a>),
    SubmitMulti(SubmitMulti<'a>),
    SubmitMultiResp(SubmitMultiResp<'a>),
    QuerySm(QuerySm<'a>),
    QuerySmResp(QuerySmResp<'a>),
    CancelSm(CancelSm<'a>),
    CancelSmResp(CancelSmResp<'a>),
    ReplaceSm(ReplaceSm<'a>),
    ReplaceSmResp(ReplaceSmResp<'a>),
    AlertNotification(AlertNotification<'a>),
    BroadcastSm(BroadcastSm<'a>),
    BroadcastSmResp(BroadcastSmResp<'a>),
    QueryBroadcastSm(QueryBroadcastSm<'a>),
    QueryBroadcastSmResp(QueryBroadcastSmResp<'a>),
    CancelBroadcastSm(CancelBroadcastSm<'a>),
    CancelBroadcastSmResp(CancelBroadcastSmResp<'a>),
    ParamRetrieve(ParamRetrieve<'a>),
    ParamRetrieveResp(ParamRetrieveResp<'a>),
    QueryLastMsgs(QueryLastMsgs<'a>),
    QueryLastMsgsResp(QueryLastMsgsResp<'a>),
    QueryMsgDetails(QueryMsgDetails<'a>),
    QueryMsgDetailsResp(QueryMsgDetailsResp<'a>),
    /// A command that no version defines: a vendor's, or nonsense.
    Other(Other<'a>),
}

impl<'a> Pdu<'a> {
    /// Reads the body of the command `id`.
    ///
    /// # Errors
    ///
    /// [`Malformed`], as the body of that command has it.
    #[inline]
    pub fn read(id: CommandId, body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        // Traffic is these four; apart from the rest they stay in registers.
        match id {
            CommandId::SUBMIT_SM => with(Self::SubmitSm, SubmitSm::read(body)),
            CommandId::SUBMIT_SM_RESP => with(Self::SubmitSmResp, SubmitSmResp::read(body)),
            CommandId::DELIVER_SM => with(Self::DeliverSm, DeliverSm::read(body)),
            CommandId::DELIVER_SM_RESP => with(Self::DeliverSmResp, DeliverSmResp::read(body)),
            _ => Self::read_any(id, body),
        }
    }

    #[inline(never)]
    fn read_any(id: CommandId, body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, |r| Self::take(id, r))
    }

    pub(crate) fn take<M: Mode>(id: CommandId, r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        match id {
            CommandId::OUTBIND => Outbind::take(r).map(Self::Outbind),
            CommandId::UNBIND => Unbind::take(r).map(Self::Unbind),
            CommandId::UNBIND_RESP => UnbindResp::take(r).map(Self::UnbindResp),
            CommandId::ENQUIRE_LINK => EnquireLink::take(r).map(Self::EnquireLink),
            CommandId::ENQUIRE_LINK_RESP => EnquireLinkResp::take(r).map(Self::EnquireLinkResp),
            CommandId::GENERIC_NACK => GenericNack::take(r).map(Self::GenericNack),
            CommandId::SUBMIT_SM => SubmitSm::take(r).map(Self::SubmitSm),
            CommandId::SUBMIT_SM_RESP => SubmitSmResp::take(r).map(Self::SubmitSmResp),
            CommandId::DELIVER_SM => DeliverSm::take(r).map(Self::DeliverSm),
            CommandId::DELIVER_SM_RESP => DeliverSmResp::take(r).map(Self::DeliverSmResp),
            CommandId::DATA_SM => DataSm::take(r).map(Self::DataSm),
            CommandId::DATA_SM_RESP => DataSmResp::take(r).map(Self::DataSmResp),
            CommandId::SUBMIT_MULTI => SubmitMulti::take(r).map(Self::SubmitMulti),
            CommandId::SUBMIT_MULTI_RESP => SubmitMultiResp::take(r).map(Self::SubmitMultiResp),
            CommandId::QUERY_SM => QuerySm::take(r).map(Self::QuerySm),
            CommandId::QUERY_SM_RESP => QuerySmResp::take(r).map(Self::QuerySmResp),
            CommandId::CANCEL_SM => CancelSm::take(r).map(Self::CancelSm),
            CommandId::CANCEL_SM_RESP => CancelSmResp::take(r).map(Self::CancelSmResp),
            CommandId::REPLACE_SM => ReplaceSm::take(r).map(Self::ReplaceSm),
            CommandId::REPLACE_SM_RESP => ReplaceSmResp::take(r).map(Self::ReplaceSmResp),
            CommandId::ALERT_NOTIFICATION => AlertNotification::take(r).map(Self::AlertNotification),
            CommandId::BROADCAST_SM => BroadcastSm::take(r).map(Self::BroadcastSm),
            CommandId::BROADCAST_SM_RESP => BroadcastSmResp::take(r).map(Self::BroadcastSmResp),
            CommandId::QUERY_BROADCAST_SM => QueryBroadcastSm::take(r).map(Self::QueryBroadcastSm),
            CommandId::QUERY_BROADCAST_SM_RESP => {
                QueryBroadcastSmResp::take(r).map(Self::QueryBroadcastSmResp)
            }
            CommandId::CANCEL_BROADCAST_SM => CancelBroadcastSm::take(r).map(Self::CancelBroadcastSm),
            CommandId::CANCEL_BROADCAST_SM_RESP => {
                CancelBroadcastSmResp::take(r).map(Self::CancelBroadcastSmResp)
            }
            CommandId::PARAM_RETRIEVE => ParamRetrieve::take(r).map(Self::ParamRetrieve),
            CommandId::PARAM_RETRIEVE_RESP => ParamRetrieveResp::take(r).map(Self::ParamRetrieveResp),
            CommandId::QUERY_LAST_MSGS => QueryLastMsgs::take(r).map(Self::QueryLastMsgs),
            CommandId::QUERY_LAST_MSGS_RESP => QueryLastMsgsResp::take(r).map(Self::QueryLastMsgsResp),
            CommandId::QUERY_MSG_DETAILS => QueryMsgDetails::take(r).map(Self::QueryMsgDetails),
            CommandId::QUERY_MSG_DETAILS_RESP => QueryMsgDetailsResp::take(r).map(Self::QueryMsgDetailsResp),
            _ => match BindMode::of(id) {
                Some(mode) if id.is_response() => BindResp::take(mode, r).map(Self::BindResp),
                Some(mode) => Bind::take(mode, r).map(Self::Bind),
                None => Ok(Self::Other(Other { id, body: r.rest() })),
            },
        }
    }

    /// The optional parameters, whatever the command.
    pub fn tlvs(&self) -> Tlvs<'a> {
        match self {
            Self::Bind(view) => view.tlvs,
            Self::BindResp(view) => view.tlvs,
            Self::Outbind(view) => view.tlvs,
            Self::Unbind(view) => view.tlvs,
            Self::UnbindResp(view) => view.tlvs,
            Self::EnquireLink(view) => view.tlvs,
            Self::EnquireLinkResp(view) => view.tlvs,
            Self::GenericNack(view) => view.tlvs,
            Self::SubmitSm(view) => view.tlvs,
            Self::SubmitSmResp(view) => view.tlvs,
            Self::DeliverSm(view) => view.tlvs,
            Self::DeliverSmResp(view) => view.tlvs,
            Self::DataSm(view) => view.tlvs,
            Self::DataSmResp(view) => view.tlvs,
            Self::SubmitMulti(view) => view.tlvs,
            Self::SubmitMultiResp(view) => view.tlvs,
            Self::QuerySm(view) => view.tlvs,
            Self::QuerySmResp(view) => view.tlvs,
            Self::CancelSm(view) => view.tlvs,
            Self::CancelSmResp(view) => view.tlvs,
            Self::ReplaceSm(view) => view.tlvs,
            Self::ReplaceSmResp(view) => view.tlvs,
            Self::AlertNotification(view) => view.tlvs,
            Self::BroadcastSm(view) => view.tlvs,
            Self::BroadcastSmResp(view) => view.tlvs,
            Self::QueryBroadcastSm(view) => view.tlvs,
            Self::QueryBroadcastSmResp(view) => view.tlvs,
            Self::CancelBroadcastSm(view) => view.tlvs,
            Self::CancelBroadcastSmResp(view) => view.tlvs,
            Self::ParamRetrieve(view) => view.tlvs,
            Self::ParamRetrieveResp(view) => view.tlvs,
            Self::QueryLastMsgs(view) => view.tlvs,
            Self::QueryLastMsgsResp(view) => view.tlvs,
            Self::QueryMsgDetails(view) => view.tlvs,
            Self::QueryMsgDetailsResp(view) => view.fate.fields().tlvs,
            Self::Other(_) => Tlvs::NONE,
        }
    }
}

impl<'a> Pdu<'a> {
    /// What a message carries, taken apart; `None` for anything but submit_sm, deliver_sm, data_sm and submit_multi.
    pub fn content(&self) -> Option<Content<'a>> {
        match self {
            Self::SubmitSm(message) => Some(message.content()),
            Self::DeliverSm(message) => Some(message.content()),
            Self::DataSm(message) => Some(message.content()),
            Self::SubmitMulti(message) => Some(message.content()),
            _ => None,
        }
    }

    /// The rules that the user data and the TLVs break. A reader leaves them alone, so that traffic does not pay for
    /// the search.
    pub fn content_warnings(&self) -> Warnings {
        let content = self.content().map_or(Warnings::NONE, |content| content.warnings);
        content | self.tlvs().warnings()
    }
}

impl Body for Pdu<'_> {
    fn command_id(&self) -> CommandId {
        match self {
            Self::Bind(view) => view.command_id(),
            Self::BindResp(view) => view.command_id(),
            Self::Outbind(view) => view.command_id(),
            Self::Unbind(view) => view.command_id(),
            Self::UnbindResp(view) => view.command_id(),
            Self::EnquireLink(view) => view.command_id(),
            Self::EnquireLinkResp(view) => view.command_id(),
            Self::GenericNack(view) => view.command_id(),
            Self::SubmitSm(view) => view.command_id(),
            Self::SubmitSmResp(view) => view.command_id(),
            Self::DeliverSm(view) => view.command_id(),
            Self::DeliverSmResp(view) => view.command_id(),
            Self::DataSm(view) => view.command_id(),
            Self::DataSmResp(view) => view.command_id(),
            Self::SubmitMulti(view) => view.command_id(),
            Self::SubmitMultiResp(view) => view.command_id(),
            Self::QuerySm(view) => view.command_id(),
            Self::QuerySmResp(view) => view.command_id(),
            Self::CancelSm(view) => view.command_id(),
            Self::CancelSmResp(view) => view.command_id(),
            Self::ReplaceSm(view) => view.command_id(),
            Self::ReplaceSmResp(view) => view.command_id(),
            Self::AlertNotification(view) => view.command_id(),
            Self::BroadcastSm(view) => view.command_id(),
            Self::BroadcastSmResp(view) => view.command_id(),
            Self::QueryBroadcastSm(view) => view.command_id(),
            Self::QueryBroadcastSmResp(view) => view.command_id(),
            Self::CancelBroadcastSm(view) => view.command_id(),
            Self::CancelBroadcastSmResp(view) => view.command_id(),
            Self::ParamRetrieve(view) => view.command_id(),
            Self::ParamRetrieveResp(view) => view.command_id(),
            Self::QueryLastMsgs(view) => view.command_id(),
            Self::QueryLastMsgsResp(view) => view.command_id(),
            Self::QueryMsgDetails(view) => view.command_id(),
            Self::QueryMsgDetailsResp(view) => view.command_id(),
            Self::Other(other) => other.id,
        }
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        match self {
            Self::Bind(view) => view.visit(v),
            Self::BindResp(view) => view.visit(v),
            Self::Outbind(view) => view.visit(v),
            Self::Unbind(view) => view.visit(v),
            Self::UnbindResp(view) => view.visit(v),
            Self::EnquireLink(view) => view.visit(v),
            Self::EnquireLinkResp(view) => view.visit(v),
            Self::GenericNack(view) => view.visit(v),
            Self::SubmitSm(view) => view.visit(v),
            Self::SubmitSmResp(view) => view.visit(v),
            Self::DeliverSm(view) => view.visit(v),
            Self::DeliverSmResp(view) => view.visit(v),
            Self::DataSm(view) => view.visit(v),
            Self::DataSmResp(view) => view.visit(v),
            Self::SubmitMulti(view) => view.visit(v),
            Self::SubmitMultiResp(view) => view.visit(v),
            Self::QuerySm(view) => view.visit(v),
            Self::QuerySmResp(view) => view.visit(v),
            Self::CancelSm(view) => view.visit(v),
            Self::CancelSmResp(view) => view.visit(v),
            Self::ReplaceSm(view) => view.visit(v),
            Self::ReplaceSmResp(view) => view.visit(v),
            Self::AlertNotification(view) => view.visit(v),
            Self::BroadcastSm(view) => view.visit(v),
            Self::BroadcastSmResp(view) => view.visit(v),
            Self::QueryBroadcastSm(view) => view.visit(v),
            Self::QueryBroadcastSmResp(view) => view.visit(v),
            Self::CancelBroadcastSm(view) => view.visit(v),
            Self::CancelBroadcastSmResp(view) => view.visit(v),
            Self::ParamRetrieve(view) => view.visit(v),
            Self::ParamRetrieveResp(view) => view.visit(v),
            Self::QueryLastMsgs(view) => view.visit(v),
            Self::QueryLastMsgsResp(view) => view.visit(v),
            Self::QueryMsgDetails(view) => view.visit(v),
            Self::QueryMsgDetailsResp(view) => view.visit(v),
            Self::Other(other) => other.visit(v),
        }
    }
}

#[inline(always)]
fn with<'a, V>(
    pdu: fn(V) -> Pdu<'a>,
    read: Result<(V, Warnings), Malformed>,
) -> Result<(Pdu<'a>, Warnings), Malformed> {
    read.map(|(view, warnings)| (pdu(view), warnings))
}
