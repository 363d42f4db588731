//! The HTTP doors of Chappe: health, metrics and the control socket
