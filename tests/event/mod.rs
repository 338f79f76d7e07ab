mod redis;
mod subscribe;
