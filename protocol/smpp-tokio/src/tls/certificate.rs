//! Whom a certificate names.

use tokio_rustls::rustls::pki_types::CertificateDer;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Whom a certificate names. What cannot be read is left out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Certificate {
    /// The common name of its subject.
    pub common_name: Option<String>,
    /// The alternative names of its subject: hosts, mail addresses and URIs, in their order.
    pub alternative_names: Vec<String>,
}

impl Certificate {
    pub(super) fn read(der: &CertificateDer<'_>) -> Self {
        let Ok((_, certificate)) = X509Certificate::from_der(der) else {
            return Self::default();
        };
        let common_name = certificate.subject().iter_common_name().find_map(|name| name.as_str().ok());
        let alternative = certificate.subject_alternative_name().ok().flatten();
        let names = alternative.iter().flat_map(|names| &names.value.general_names);
        Self {
            common_name: common_name.map(str::to_owned),
            alternative_names: names.filter_map(name_of).map(str::to_owned).collect(),
        }
    }

    /// Whether it names somebody so: by an alternative name or by the common name, in these very letters.
    pub fn names(&self, name: &str) -> bool {
        self.common_name.iter().chain(&self.alternative_names).any(|own| own == name)
    }
}

fn name_of<'a>(name: &'a GeneralName<'_>) -> Option<&'a str> {
    match name {
        GeneralName::DNSName(name) | GeneralName::RFC822Name(name) | GeneralName::URI(name) => Some(name),
        _ => None,
    }
}
