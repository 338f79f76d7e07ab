mod life;
mod quota;
mod verification;
