mod access;
mod cursor;
mod fan_out;
mod feed;
mod filter;
mod promise;
mod redis;
mod subscribe;
