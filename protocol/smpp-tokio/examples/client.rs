//! Submits one message and takes what comes back.

use smpp_tokio::Transceiver;
use smpp_tokio::wire::SubmitSm;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (centre, mut incoming) =
        smpp_tokio::connect("127.0.0.1:2775").bind(Transceiver::new("acme", "secret")).await?;
    let hello =
        SubmitSm { destination: "385911234567".try_into()?, short_message: b"hello", ..Default::default() };
    println!("{}", centre.submit(&hello).await?.message_id()?);
    while let Some(request) = incoming.next().await? {
        request.accept(); // a receipt or a message from a handset
    }
    Ok(())
}
