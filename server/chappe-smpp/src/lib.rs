//! The SMPP doors of Chappe, to external systems and to carriers
