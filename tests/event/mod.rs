mod access;
mod cursor;
mod fan_out;
mod feed;
mod filter;
mod redis;
mod subscribe;
