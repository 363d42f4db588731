//! A message centre that takes every message and forgets it.

use std::sync::atomic::{AtomicU64, Ordering};

use smpp_tokio::wire::CommandStatus;
use smpp_tokio::{Ask, Server};

static NEXT: AtomicU64 = AtomicU64::new(1);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let server = Server::listen("127.0.0.1:2775").await?;
    let serving = server.each(|mut peer| async move {
        while let Some(request) = peer.next().await? {
            match request.ask() {
                Ok(Ask::Bind(bind)) if bind.password == b"secret" => request.accept("example"),
                Ok(Ask::Bind(_)) => request.refuse(CommandStatus::INVALID_PASSWORD),
                Ok(Ask::Submit(message)) => {
                    println!("to {}: {}", message.destination, message.short_message.escape_ascii());
                    request.accept(format!("{:016x}", NEXT.fetch_add(1, Ordering::Relaxed)));
                }
                Ok(_) => request.refuse(CommandStatus::INVALID_COMMAND_ID),
                Err(malformed) => request.refuse(malformed.status()),
            }
        }
        Ok(())
    });
    serving.await;
    Ok(())
}
