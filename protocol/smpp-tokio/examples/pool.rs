//! Keeps four binds, submits a text over whichever has room, and prints the receipts of all.

use smpp_tokio::wire::{Pdu, RegisteredDelivery, SubmitSm};
use smpp_tokio::{ClientOptions, Login, Pool, Rate, receipt_of};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let login = Login { system_id: "acme".into(), password: "secret".into(), ..Login::default() };
    let options = ClientOptions { rate: Some(Rate::per_second(500)), ..ClientOptions::default() };
    let (centre, mut incoming) = Pool::of("127.0.0.1:2775", login).options(options).transceivers(4);
    let hello = SubmitSm {
        destination: "385911234567".try_into()?,
        registered_delivery: RegisteredDelivery::FINAL,
        short_message: b"hello",
        ..Default::default()
    };
    println!("taken as {}", centre.submit(&hello).await?.message_id()?);
    while let Some(request) = incoming.next().await? {
        if let Ok((Pdu::DeliverSm(message), _)) = request.view()
            && let Some(receipt) = receipt_of(&message)
        {
            println!("{:?}", receipt.state);
        }
        request.accept();
    }
    Ok(())
}
