//! A connection to a store that can fail, and be repaired.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The failure of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed before the store gets the request.
    Closed,
    /// There is no answer.
    Hangs,
    /// The answer is 503.
    Unavailable,
    /// The store executes the request, and half of its answer arrives.
    CutShort,
    /// The store executes the request, and its answer is lost.
    AnswerLost,
    /// The store executes the request, and the connection is closed after 20 MiB of its answer.
    ClosedMidway,
}

#[derive(Default)]
struct State {
    /// The failure, and a part of the first lines of the affected requests.
    fault: Option<(Fault, &'static str)>,
    heads: Vec<String>,
}

pub struct FaultyProxy {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl FaultyProxy {
    pub async fn to(url: &str) -> Self {
        let store: SocketAddr = url.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::<Mutex<State>>::default();
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, store, shared.clone()));
            }
        });
        Self { url, state }
    }

    pub fn fail(&self, fault: Fault, requests: &'static str) {
        self.state.lock().unwrap().fault = Some((fault, requests));
    }

    pub fn repair(&self) {
        self.state.lock().unwrap().fault = None;
    }

    /// Returns the first line and the headers of each request so far.
    pub fn heads(&self) -> Vec<String> {
        self.state.lock().unwrap().heads.clone()
    }
}

/// Forwards bytes until either end closes, or the connection fails. Errors of either end are normal ends.
async fn forward(mut client: TcpStream, store: SocketAddr, state: Arc<Mutex<State>>) -> Option<()> {
    let mut store = TcpStream::connect(store).await.ok()?;
    let (mut asked, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let (mut fault, mut forwarded) = (None, 0);
    loop {
        tokio::select! {
            count = client.read(&mut asked) => {
                let asked = &asked[..count.ok().filter(|count| *count > 0)?];
                fault = state.lock().unwrap().fault_of(asked, fault);
                match fault {
                    Some(Fault::Closed) => return None,
                    Some(Fault::Hangs) => {}
                    Some(Fault::Unavailable) => {
                        let answer = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
                        client.write_all(answer).await.ok()?;
                        return None;
                    }
                    Some(Fault::CutShort | Fault::AnswerLost | Fault::ClosedMidway) | None => store.write_all(asked).await.ok()?,
                }
            }
            count = store.read(&mut answered) => {
                let answered = &answered[..count.ok().filter(|count| *count > 0)?];
                match fault {
                    Some(Fault::CutShort) => {
                        client.write_all(&answered[..answered.len() / 2]).await.ok()?;
                        return None;
                    }
                    Some(Fault::AnswerLost) => return None,
                    Some(Fault::ClosedMidway) if forwarded > 20 << 20 => return None,
                    _ => {
                        client.write_all(answered).await.ok()?;
                        forwarded += answered.len();
                    }
                }
            }
        }
    }
}

impl State {
    /// Returns the failure for these bytes: that of their request, or the previous one if no request begins here.
    fn fault_of(&mut self, bytes: &[u8], before: Option<Fault>) -> Option<Fault> {
        let text = String::from_utf8_lossy(bytes);
        let Some((line, _)) = text.split_once(" HTTP/1.1\r\n") else { return before };
        self.heads.push(text.split("\r\n\r\n").next().unwrap_or_default().to_owned());
        self.fault.filter(|(_, requests)| line.contains(requests)).map(|(fault, _)| fault)
    }
}
