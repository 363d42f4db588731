use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::house::House;

#[tokio::test]
async fn a_peer_that_speaks_tls_or_http_is_let_go_at_once() {
    let house = House::opens().await;
    for hello in
        [&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC][..], b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"]
    {
        let mut stream = TcpStream::connect(house.address()).await.unwrap();
        stream.write_all(hello).await.unwrap();
        let mut answer = Vec::new();
        let reading = stream.read_to_end(&mut answer);
        let read = tokio::time::timeout(std::time::Duration::from_secs(2), reading).await;
        // A reset is as good an end: what was sent behind the first octets is not read.
        assert!(read.is_ok(), "it waits for something");
    }
    house.bound(smpp_wire::BindMode::Transceiver).await;
}
