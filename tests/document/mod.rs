mod lifecycle;
mod quota;
mod verification;
