//! The names of values.

/// The names that a field's or a TLV's values have in the specification.
#[derive(Clone, Copy, Debug)]
pub struct Values {
    /// The field or the TLV, or what several of them have in common.
    pub of: &'static str,
    pub names: &'static [(u16, &'static str)],
}

/// What a value of a field or a TLV is called, by the name of either: `value_name("source_addr_ton", 5)` is
/// `alphanumeric`. `None` where it has no name. Bits are read by [`EsmClass`](crate::EsmClass) and
/// [`RegisteredDelivery`](crate::RegisteredDelivery).
pub fn value_name(field: &str, value: u32) -> Option<&'static str> {
    let value = u16::try_from(value).ok()?;
    let of = table_of(field);
    let names = VALUES.iter().find(|values| values.of == of)?.names;
    names.iter().find(|(code, _)| *code == value).map(|(_, name)| *name)
}

/// The table that a field shares with others.
fn table_of(field: &str) -> &str {
    match field {
        "source_addr_ton" | "dest_addr_ton" | "esme_addr_ton" | "addr_ton" => "ton",
        "source_addr_npi" | "dest_addr_npi" | "esme_addr_npi" | "addr_npi" => "npi",
        "source_addr_subunit" | "dest_addr_subunit" => "addr_subunit",
        "source_network_type" | "dest_network_type" => "network_type",
        "source_bearer_type" | "dest_bearer_type" => "bearer_type",
        "sc_interface_version" => "interface_version",
        "network_error_code" => "network_error_type",
        "broadcast_frequency_interval" => "broadcast_time_unit",
        "broadcast_area_identifier" => "broadcast_area_format",
        own => own,
    }
}

/// One table a field (SMPP 5.0 §4.7, §4.8.4). Of TLVs of several parts it is the first part's, but for
/// `broadcast_content_type`, where it is the second's.
#[rustfmt::skip]
pub const VALUES: &[Values] = &[
    Values { of: "interface_version", names: &[
        (0, "v3_3_or_older"), (51, "v3_3"), (52, "v3_4"), (80, "v5_0"),
    ] },
    Values { of: "ton", names: &[
        (0, "unknown"), (1, "international"), (2, "national"), (3, "network_specific"),
        (4, "subscriber_number"), (5, "alphanumeric"), (6, "abbreviated"),
    ] },
    Values { of: "npi", names: &[
        (0, "unknown"), (1, "isdn"), (3, "data"), (4, "telex"), (6, "land_mobile"), (8, "national"),
        (9, "private"), (10, "ermes"), (14, "internet"), (18, "wap_client_id"),
    ] },
    Values { of: "replace_if_present_flag", names: &[
        (0, "do_not_replace"), (1, "replace"),
    ] },
    Values { of: "dest_flag", names: &[
        (1, "sme_address"), (2, "distribution_list"),
    ] },
    Values { of: "data_coding", names: &[
        (0, "mc_specific"), (1, "ia5_ascii"), (2, "octet_unspecified_tdma_cdma"), (3, "latin1"),
        (4, "octet_unspecified"), (5, "jis_x0208"), (6, "iso_8859_5"), (7, "iso_8859_8"), (8, "ucs2"),
        (9, "pictogram"), (10, "iso_2022_jp_music"), (13, "jis_x0212"), (14, "ks_c_5601"),
    ] },
    Values { of: "message_state", names: &[
        (0, "scheduled"), (1, "enroute"), (2, "delivered"), (3, "expired"), (4, "deleted"),
        (5, "undeliverable"), (6, "accepted"), (7, "unknown"), (8, "rejected"), (9, "skipped"),
    ] },
    Values { of: "addr_subunit", names: &[
        (0, "unknown"), (1, "ms_display"), (2, "mobile_equipment"), (3, "smart_card_1"),
        (4, "external_unit_1"),
    ] },
    Values { of: "network_type", names: &[
        (0, "unknown"), (1, "gsm"), (2, "ansi_136_tdma"), (3, "is_95_cdma"), (4, "pdc"), (5, "phs"),
        (6, "iden"), (7, "amps"), (8, "paging"),
    ] },
    Values { of: "bearer_type", names: &[
        (0, "unknown"), (1, "sms"), (2, "csd"), (3, "packet_data"), (4, "ussd"), (5, "cdpd"), (6, "datatac"),
        (7, "flex_reflex"), (8, "cell_broadcast"),
    ] },
    Values { of: "network_error_type", names: &[
        (1, "ansi_136_access_denied"), (2, "is_95_access_denied"), (3, "gsm"), (4, "ansi_136_cause"),
        (5, "is_95_cause"), (6, "ansi_41_error"), (7, "smpp_error"), (8, "mc_specific"),
    ] },
    Values { of: "payload_type", names: &[
        (0, "default_wdp"), (1, "wcmp"),
    ] },
    Values { of: "privacy_indicator", names: &[
        (0, "not_restricted"), (1, "restricted"), (2, "confidential"), (3, "secret"),
    ] },
    Values { of: "language_indicator", names: &[
        (0, "unspecified"), (1, "english"), (2, "french"), (3, "spanish"), (4, "german"), (5, "portuguese"),
    ] },
    Values { of: "display_time", names: &[
        (0, "temporary"), (1, "default"), (2, "invoke"),
    ] },
    Values { of: "ms_validity", names: &[
        (0, "store_indefinitely"), (1, "power_down"), (2, "registration_area"), (3, "display_only"),
        (4, "relative_time_period"),
    ] },
    Values { of: "dpf_result", names: &[
        (0, "not_set"), (1, "set"),
    ] },
    Values { of: "set_dpf", names: &[
        (0, "not_requested"), (1, "requested"),
    ] },
    Values { of: "ms_availability_status", names: &[
        (0, "available"), (1, "denied"), (2, "unavailable"),
    ] },
    Values { of: "delivery_failure_reason", names: &[
        (0, "destination_unavailable"), (1, "destination_address_invalid"), (2, "permanent_network_error"),
        (3, "temporary_network_error"),
    ] },
    Values { of: "more_messages_to_send", names: &[
        (0, "no"), (1, "yes"),
    ] },
    Values { of: "callback_num_digit_mode", names: &[
        (0, "dtmf_tbcd"), (1, "ascii"),
    ] },
    Values { of: "subaddress_type", names: &[
        (128, "nsap_even"), (136, "nsap_odd"), (160, "user_specified"),
    ] },
    Values { of: "its_reply_type", names: &[
        (0, "digit"), (1, "number"), (2, "telephone_no"), (3, "password"), (4, "character_line"), (5, "menu"),
        (6, "date"), (7, "time"), (8, "continue"),
    ] },
    Values { of: "ussd_service_op", names: &[
        (0, "pssd_indication"), (1, "pssr_indication"), (2, "ussr_request"), (3, "ussn_request"),
        (16, "pssd_response"), (17, "pssr_response"), (18, "ussr_confirm"), (19, "ussn_confirm"),
    ] },
    Values { of: "alert_on_message_delivery", names: &[
        (0, "mobile_default"), (1, "low_priority"), (2, "medium_priority"), (3, "high_priority"),
    ] },
    Values { of: "dest_addr_np_resolution", names: &[
        (0, "not_queried"), (1, "queried_not_ported"), (2, "queried_ported"),
    ] },
    Values { of: "broadcast_channel_indicator", names: &[
        (0, "basic"), (1, "extended"),
    ] },
    Values { of: "broadcast_message_class", names: &[
        (0, "none"), (1, "class_1_user"), (2, "class_2_user"), (3, "class_3_terminal_equipment"),
    ] },
    Values { of: "broadcast_area_format", names: &[
        (0, "alias_name"), (1, "ellipsoid_arc"), (2, "polygon"),
    ] },
    Values { of: "broadcast_time_unit", names: &[
        (0, "as_often_as_possible"), (8, "seconds"), (9, "minutes"), (10, "hours"), (11, "days"),
        (12, "weeks"), (13, "months"), (14, "years"),
    ] },
    Values { of: "broadcast_network_type", names: &[
        (0, "generic"), (1, "gsm"), (2, "tdma"), (3, "cdma"),
    ] },
    Values { of: "broadcast_content_type", names: &[
        (0x0000, "index"), (0x0001, "emergency_broadcasts"), (0x0002, "irdb_download"),
        (0x0010, "news_flashes"), (0x0011, "general_news_local"), (0x0012, "general_news_regional"),
        (0x0013, "general_news_national"), (0x0014, "general_news_international"),
        (0x0015, "business_news_local"), (0x0016, "business_news_regional"),
        (0x0017, "business_news_national"), (0x0018, "business_news_international"),
        (0x0019, "sports_news_local"), (0x001A, "sports_news_regional"), (0x001B, "sports_news_national"),
        (0x001C, "sports_news_international"), (0x001D, "entertainment_news_local"),
        (0x001E, "entertainment_news_regional"), (0x001F, "entertainment_news_national"),
        (0x0020, "entertainment_news_international"), (0x0021, "medical_health_hospitals"),
        (0x0022, "doctors"), (0x0023, "pharmacy"), (0x0030, "local_traffic"),
        (0x0031, "long_distance_traffic"), (0x0032, "taxis"), (0x0033, "weather"),
        (0x0034, "local_airport_schedules"), (0x0035, "restaurants"), (0x0036, "lodgings"),
        (0x0037, "retail_directory"), (0x0038, "advertisements"), (0x0039, "stock_quotes"),
        (0x0040, "employment_opportunities"), (0x0041, "technology_news"),
        (0x0070, "district_base_station_info"), (0x0071, "network_information"), (0x0080, "operator_services"),
        (0x0081, "directory_enquiries_national"), (0x0082, "directory_enquiries_international"),
        (0x0083, "customer_care_national"), (0x0084, "customer_care_international"),
        (0x0085, "local_date_time"), (0x0100, "multi_category"),
    ] },
];
