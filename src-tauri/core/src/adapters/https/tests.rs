//! Each way in which a connection can fail, on a real socket of this computer.

use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

fn request(address: &str) -> Request<Full<Bytes>> {
    Request::get(address).body(Full::default()).unwrap()
}

/// A server that says the same to everybody, and hangs up.
async fn saying(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut read = [0; 4096];
            let _ = stream.read(&mut read).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    address.to_string()
}

async fn obstacle_to(address: &str) -> Obstacle {
    match Https::default().send(request(address)).await {
        Err(Refusal::Unreached(Unreached { obstacle, hop: Hop::Aws(_) })) => obstacle,
        other => panic!("{address}: {other:?}"),
    }
}

#[tokio::test]
async fn f21_each_way_of_not_coming_through_is_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let whole = saying(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nyes").await;
    let hangs_up = saying(b"").await;
    let cut_off = saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhal").await;
    let garbled = saying(b"220 mail.example ESMTP\r\n").await;
    for (case, address, obstacle) in [
        ("nobody listens", format!("http://{closed}/"), Obstacle::Refused),
        ("it hangs up", format!("http://{hangs_up}/"), Obstacle::Closed),
        ("it hangs up within its answer", format!("http://{cut_off}/"), Obstacle::Closed),
        ("it is not the web", format!("http://{garbled}/"), Obstacle::Garbled),
        ("it does not encrypt", format!("https://{garbled}/"), Obstacle::Garbled),
        ("its name is nobody's", "https://guise-test.invalid/".to_owned(), Obstacle::NoName),
    ] {
        assert_eq!(obstacle_to(&address).await, obstacle, "{case}");
    }
    let answer = Https::default().send(request(&format!("http://{whole}/x"))).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().as_ref()), (200, b"ye".as_slice()));
}

#[tokio::test]
async fn f21_an_answer_without_end_is_not_read_to_its_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let chunk = [b"1000\r\n".as_slice(), &[b'x'; 4096], b"\r\n"].concat();
        while stream.write_all(&chunk).await.is_ok() {}
    });
    assert_eq!(obstacle_to(&address).await, Obstacle::Garbled);
}

#[tokio::test]
async fn f21_whoever_does_not_take_the_connection_is_given_up_on() {
    // Its queue is full: what comes more is left without an answer, as by a firewall that drops.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    for _ in 0..8 {
        waiting.push(tokio::spawn(tokio::net::TcpStream::connect(address)));
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    assert_eq!(obstacle_to(&format!("http://{address}/")).await, Obstacle::Silent);
    assert!(began.elapsed() >= CONNECTS_WITHIN, "{:?}", began.elapsed());
}
