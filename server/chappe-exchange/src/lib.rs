//! The flow of messages: accept, dispatch, receipts, mailboxes
