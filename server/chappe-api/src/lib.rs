//! Request and response types of Chappe's HTTP doors
