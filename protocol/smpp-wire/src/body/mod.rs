//! The typed bodies: views that borrow, their fields in wire order.

mod alert_notification;
mod bare;
mod bind;
mod broadcast_sm;
mod cancel_broadcast_sm;
mod cancel_sm;
mod data_sm;
mod fate;
mod message_resp;
mod other;
mod outbind;
mod param_retrieve;
mod pdu;
mod query;
mod query_last_msgs;
mod query_msg_details;
mod query_sm_resp;
mod replace_sm;
mod short_message;
mod submit_multi;
mod submit_multi_resp;

pub use alert_notification::AlertNotification;
pub use bare::{
    Bare, CancelBroadcastSmResp, CancelSmResp, EnquireLink, EnquireLinkResp, GenericNack, ReplaceSmResp,
    Unbind, UnbindResp,
};
pub use bind::{Bind, BindMode, BindResp};
pub use broadcast_sm::BroadcastSm;
pub use cancel_broadcast_sm::CancelBroadcastSm;
pub use cancel_sm::CancelSm;
pub use data_sm::DataSm;
pub use fate::Fate;
pub use message_resp::{
    BroadcastSmResp, DataSmResp, DeliverSmResp, MessageResp, QueryBroadcastSmResp, SubmitSmResp,
};
pub use other::Other;
pub use outbind::Outbind;
pub use param_retrieve::{ParamRetrieve, ParamRetrieveResp};
pub use pdu::Pdu;
pub use query::{Query, QueryBroadcastSm, QuerySm};
pub use query_last_msgs::{QueryLastMsgs, QueryLastMsgsResp};
pub use query_msg_details::{QueryMsgDetails, QueryMsgDetailsResp};
pub use query_sm_resp::QuerySmResp;
pub use replace_sm::ReplaceSm;
pub use short_message::{DeliverSm, ShortMessage, SubmitSm};
pub use submit_multi::SubmitMulti;
pub use submit_multi_resp::SubmitMultiResp;
