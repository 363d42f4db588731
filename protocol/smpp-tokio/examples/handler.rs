//! A message centre as a handler: two functions and nothing else.

use smpp_tokio::wire::{Bind, CommandStatus};
use smpp_tokio::{Ask, Caller, Handler, PeerRequest, Server};

struct Centre;

impl Handler for Centre {
    type Account = String;

    async fn bind(&self, bind: &Bind<'_>, _caller: &Caller) -> Result<String, CommandStatus> {
        let known = bind.password == b"secret";
        known.then(|| bind.system_id.escape_ascii().to_string()).ok_or(CommandStatus::INVALID_PASSWORD)
    }

    async fn request(&self, account: &mut String, request: PeerRequest<'_>) {
        match request.ask() {
            Ok(Ask::Submit(message)) => request.accept(format!("{account}-{}", message.destination)),
            Ok(_) => request.refuse(CommandStatus::INVALID_COMMAND_ID),
            Err(malformed) => request.refuse_malformed(malformed),
        }
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    Server::listen("127.0.0.1:2775").await?.serve(Centre).await;
    Ok(())
}
