//! A message centre that speaks TLS and knows its clients by their certificates: `tls_server CERT KEY CLIENTS_CA`.

use smpp_tokio::wire::CommandStatus;
use smpp_tokio::{Ask, ClientAuth, Server, ServerTls, ServerTlsFiles};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = std::env::args_os().skip(1).map(Into::into);
    let mut file = || files.next().ok_or("three files: certificate, key, authorities of clients");
    let (certificate, key, clients) = (file()?, file()?, ClientAuth::Required(file()?));
    let tls = ServerTls::load(ServerTlsFiles { certificate, key, clients })?;
    let server = Server::listen("127.0.0.1:3550").await?.tls(tls);
    server
        .each(|mut peer| async move {
            let certificate = peer.caller().certificate.clone().unwrap_or_default();
            while let Some(request) = peer.next().await? {
                match request.ask() {
                    Ok(Ask::Bind(bind)) if certificate.names(&bind.system_id.escape_ascii().to_string()) => {
                        request.accept("example");
                    }
                    Ok(Ask::Submit(_)) => request.accept("1"),
                    _ => request.refuse(CommandStatus::BIND_FAILED),
                }
            }
            Ok(())
        })
        .await;
    Ok(())
}
