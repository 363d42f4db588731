//! Waits for a centre that calls, and binds to it.

use smpp_tokio::{Receiver, outbind};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let calls = outbind::Listener::listen("127.0.0.1:2776").await?;
    let call = calls.next().await?.hear().await?;
    if call.outbind().password != b"secret" {
        return Err("a stranger calls".into());
    }
    let (_centre, mut incoming) = call.bind(Receiver::new("acme", "secret")).await?;
    while let Some(request) = incoming.next().await? {
        println!("{:?}", request.frame());
        request.accept();
    }
    Ok(())
}
