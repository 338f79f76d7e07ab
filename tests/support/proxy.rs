//! An unreliable network: connections to a server that can be cut, or frozen for a while.

use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Notify, watch},
    task::JoinHandle,
};

pub struct Proxy {
    pub url: String,
    cut: Arc<Notify>,
    frozen: watch::Sender<bool>,
    passing: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy for the server at this port.
    pub async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (cut, frozen) = (Arc::new(Notify::new()), watch::Sender::new(false));
        let passing = tokio::spawn(accept(listener, port, cut.clone(), frozen.subscribe()));
        Self { url, cut, frozen, passing }
    }

    /// Ends all connections.
    pub fn cut(&self) {
        self.cut.notify_waiters();
    }

    /// Freezes the connections, or lets them continue.
    pub fn freeze(&self, frozen: bool) {
        self.frozen.send_replace(frozen);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.passing.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, port: u16, cut: Arc<Notify>, frozen: watch::Receiver<bool>) {
    while let Ok((client, _)) = listener.accept().await {
        let (cut, frozen) = (cut.clone(), frozen.clone());
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
            let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
            tokio::select! {
                () = pass(from_client, to_server, frozen.clone()) => {}
                () = pass(from_server, to_client, frozen) => {}
                () = cut.notified() => {}
            }
        });
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut frozen: watch::Receiver<bool>) {
    let mut bytes = vec![0; 4_096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if frozen.wait_for(|frozen| !frozen).await.is_err() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
