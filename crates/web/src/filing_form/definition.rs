//! The forms of filings about an organisation: which fields each kind has, what a field is called and how it is filled in.
//!
//! A form says nothing about what is right; that is the office's. A test holds every form to the schema of its kind, so that
//! no field is missing and none is invented.

use hoptac_model::filing::FilingKind;

/// A form for one kind of filing.
#[derive(Debug)]
pub(crate) struct Form {
    /// What it files.
    pub(crate) kind: FilingKind,
    /// Its address.
    pub(crate) path: &'static str,
    /// With which others it stands in the list.
    pub(crate) group: Group,
    /// What it is for, in a sentence.
    pub(crate) help: &'static str,
    /// What its day of effect is the day of.
    pub(crate) day: &'static str,
    /// What is filled in.
    pub(crate) fields: &'static [Field],
}

/// Forms that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// What is registered, and whether it works.
    Register,
    /// How it ends.
    End,
    /// What comes of several.
    Reorganise,
    /// Contracts, unions, products, technology.
    Chain,
    /// The roll of members.
    Members,
    /// What the state gives.
    Support,
    /// What is said about filings.
    Record,
}

impl Group {
    /// All groups, in the order of the list.
    pub(crate) const ALL: [Self; 7] = [
        Self::Register,
        Self::End,
        Self::Reorganise,
        Self::Members,
        Self::Chain,
        Self::Support,
        Self::Record,
    ];

    /// The key of its name.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Register => "forms-register",
            Self::End => "forms-end",
            Self::Reorganise => "forms-reorganise",
            Self::Chain => "forms-chain",
            Self::Members => "forms-members",
            Self::Support => "forms-support",
            Self::Record => "forms-record",
        }
    }
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Where its value stands in the body, as `decision.number`.
    pub(crate) name: &'static str,
    /// The key of its label.
    pub(crate) label: &'static str,
    /// The key of the help under it; empty where it needs none.
    pub(crate) help: &'static str,
    /// How it is filled in.
    pub(crate) input: Input,
    /// Whether it must be filled in.
    pub(crate) must: bool,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A line of text.
    Line,
    /// Some sentences.
    Sentences,
    /// A whole number.
    Whole,
    /// Đồng.
    Money,
    /// A number with one digit behind the comma, kept in tenths.
    Tenths,
    /// A day.
    Day,
    /// Yes, or nothing.
    Tick,
    /// Yes, no, or nothing.
    YesOrNo,
    /// A commune.
    Commune,
    /// An organisation of the register.
    Organisation,
    /// Several of them.
    Organisations,
    /// A filing about the same organisation.
    Filing,
    /// Words with commas between them.
    List,
    /// One of several.
    One(Choices),
    /// Any of several.
    Any(Choices),
}

/// From what is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choices {
    /// Codes with the keys of their words.
    Of(&'static [(&'static str, &'static str)]),
    /// Kinds of organisations.
    Kinds,
    /// Sectors.
    Sectors,
    /// Letters of the classification of activities.
    Vsic,
    /// Agencies of the plan.
    Agencies,
    /// Kinds of certificates of the plan.
    CertificateKinds,
    /// Check-lists.
    Practices,
    /// Items of the plan's check-lists.
    Items,
    /// Stages of a chain.
    Stages,
    /// Kinds of partners.
    Partners,
    /// In what a volume is counted.
    Volumes,
    /// The organisation's contracts that hold.
    Links,
    /// The organisation's certificates that hold.
    Certificates,
    /// Unions of cooperatives.
    Unions,
    /// Support programmes.
    Programmes,
    /// The organisation's applications for support.
    Applications,
    /// The members of the roll, masked.
    Members,
    /// What a member is.
    MemberKinds,
    /// Classes of members.
    MemberClasses,
    /// Why a membership ends.
    LeaveCauses,
    /// How poor a household is.
    Hardships,
    /// Ethnic groups.
    Ethnicities,
    /// Targets of the plan.
    Targets,
    /// Indicators of the plan.
    Indicators,
    /// Fields of tasks.
    TaskGroups,
    /// Other tasks that are open.
    Tasks,
    /// Occurrences of the task.
    Occurrences,
    /// How often a task returns.
    Recurrences,
}

pub(crate) const fn must(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    input: Input,
) -> Field {
    Field { name, label, help, input, must: true }
}

pub(crate) const fn may(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    input: Input,
) -> Field {
    Field { name, label, help, input, must: false }
}

const SEXES: Choices = Choices::Of(&[("female", "choice-female"), ("male", "choice-male")]);
const REASON: Field = may("reason", "form-reason", "", Input::Sentences);
const MUST_REASON: Field = must("reason", "form-reason", "", Input::Sentences);
const DECISION: Field = must("decision", "form-decision", "form-decision-help", Input::Line);
const ISSUER: Field = must("issuer", "form-issuer", "", Input::Line);
const ORDER: [Field; 3] = [DECISION, ISSUER, REASON];
const INTO_MANY: Field =
    must("into", "form-into-many", "form-established-first", Input::Organisations);
const APPLICATION: Field =
    must("application", "form-application", "", Input::One(Choices::Applications));
const DOCUMENT_NUMBER: Field =
    must("decision.number", "form-decision", "form-decision-help", Input::Line);
const DOCUMENT_DATE: Field = must("decision.date", "form-decision-date", "", Input::Day);
const DOCUMENT_ISSUER: Field = must("decision.issuer", "form-issuer", "", Input::Line);

/// The form by which an organisation is registered. It stands apart, since there is no organisation yet.
pub(crate) static ESTABLISH: Form = Form {
    kind: FilingKind::OrganisationEstablish,
    path: "/dang-ky/moi",
    group: Group::Register,
    help: "form-help-establish",
    day: "form-day-founded",
    fields: &[
        must("kind", "form-kind", "", Input::One(Choices::Kinds)),
        must("name", "form-name", "form-name-help", Input::Line),
        may("code", "form-code", "form-code-help", Input::Line),
        must("seat", "form-seat", "form-seat-help", Input::Commune),
        may("seat_former", "form-seat-former", "form-seat-former-help", Input::Commune),
        must("vsic", "form-vsic", "", Input::One(Choices::Vsic)),
        may("sector", "form-sector", "form-sector-help", Input::One(Choices::Sectors)),
        must("members", "form-members", "", Input::Whole),
        may("capital", "form-capital", "form-money-help", Input::Money),
        may("difficult_area", "form-difficult-area", "", Input::Tick),
    ],
};

/// The forms about an organisation that is registered.
pub(crate) static FORMS: [Form; 42] = [
    Form {
        kind: FilingKind::OrganisationChange,
        path: "/to-chuc/{id}/nop/thay-doi",
        group: Group::Register,
        help: "form-help-change",
        day: "form-day-effect",
        fields: &[
            may("name", "form-name", "form-name-help", Input::Line),
            may("code", "form-code", "form-code-help", Input::Line),
            may("seat", "form-seat", "form-seat-help", Input::Commune),
            may("seat_former", "form-seat-former", "form-seat-former-help", Input::Commune),
            may("vsic", "form-vsic", "", Input::One(Choices::Vsic)),
            may("members", "form-members", "", Input::Whole),
            may("capital", "form-capital", "form-money-help", Input::Money),
        ],
    },
    Form {
        kind: FilingKind::OrganisationNotify,
        path: "/to-chuc/{id}/nop/thong-bao",
        group: Group::Register,
        help: "form-help-notify",
        day: "form-day-effect",
        fields: &[
            may("vsic", "form-vsic", "", Input::One(Choices::Vsic)),
            may("lines", "form-lines", "form-lines-help", Input::List),
            may("scheme", "form-scheme", "form-scheme-help", Input::Line),
            may("foreign_members", "form-foreign-members", "", Input::Whole),
            may("note", "form-note", "", Input::Sentences),
        ],
    },
    Form {
        kind: FilingKind::OrganisationSuspend,
        path: "/to-chuc/{id}/nop/tam-ngung",
        group: Group::Register,
        help: "form-help-suspend",
        day: "form-day-from",
        fields: &[REASON],
    },
    Form {
        kind: FilingKind::OrganisationResume,
        path: "/to-chuc/{id}/nop/hoat-dong-lai",
        group: Group::Register,
        help: "form-help-resume",
        day: "form-day-from",
        fields: &[REASON],
    },
    Form {
        kind: FilingKind::OrganisationLeaveAddress,
        path: "/to-chuc/{id}/nop/khong-tai-dia-chi",
        group: Group::Register,
        help: "form-help-leave-address",
        day: "form-day-found",
        fields: &[REASON],
    },
    Form {
        kind: FilingKind::OrganisationReturnToAddress,
        path: "/to-chuc/{id}/nop/tro-lai-dia-chi",
        group: Group::Register,
        help: "form-help-return-to-address",
        day: "form-day-found",
        fields: &[REASON],
    },
    Form {
        kind: FilingKind::OrganisationConvert,
        path: "/to-chuc/{id}/nop/chuyen-doi",
        group: Group::Reorganise,
        help: "form-help-convert",
        day: "form-day-effect",
        fields: &[
            must("to", "form-convert-to", "", Input::One(Choices::Kinds)),
            must("name", "form-name-new", "form-name-help", Input::Line),
            must("members", "form-members", "", Input::Whole),
            may("capital", "form-capital", "form-money-help", Input::Money),
        ],
    },
    Form {
        kind: FilingKind::OrganisationClose,
        path: "/to-chuc/{id}/nop/lam-thu-tuc-cham-dut",
        group: Group::End,
        help: "form-help-close",
        day: "form-day-from",
        fields: &[
            must(
                "way",
                "form-closing-way",
                "",
                Input::One(Choices::Of(&[
                    ("dissolution", "choice-dissolution"),
                    ("division", "choice-division"),
                    ("consolidation", "choice-consolidation"),
                    ("merger", "choice-merger"),
                ])),
            ),
            may("resolution", "form-resolution", "form-resolution-help", Input::Line),
            may("resolved_on", "form-resolved-on", "", Input::Day),
            REASON,
        ],
    },
    Form {
        kind: FilingKind::OrganisationDissolve,
        path: "/to-chuc/{id}/nop/giai-the",
        group: Group::End,
        help: "form-help-dissolve",
        day: "form-day-end",
        fields: &[REASON],
    },
    Form {
        kind: FilingKind::OrganisationDissolveByOrder,
        path: "/to-chuc/{id}/nop/giai-the-bat-buoc",
        group: Group::End,
        help: "form-help-dissolve-by-order",
        day: "form-day-end",
        fields: &ORDER,
    },
    Form {
        kind: FilingKind::OrganisationOpenBankruptcy,
        path: "/to-chuc/{id}/nop/mo-thu-tuc-pha-san",
        group: Group::End,
        help: "form-help-open-bankruptcy",
        day: "form-day-effect",
        fields: &ORDER,
    },
    Form {
        kind: FilingKind::OrganisationEndBankruptcy,
        path: "/to-chuc/{id}/nop/ket-thuc-pha-san",
        group: Group::End,
        help: "form-help-end-bankruptcy",
        day: "form-day-effect",
        fields: &[
            must(
                "outcome",
                "form-outcome",
                "",
                Input::One(Choices::Of(&[
                    ("declared", "choice-declared"),
                    ("discontinued", "choice-discontinued"),
                ])),
            ),
            DECISION,
            ISSUER,
        ],
    },
    Form {
        kind: FilingKind::OrganisationWithdraw,
        path: "/to-chuc/{id}/nop/thu-hoi",
        group: Group::End,
        help: "form-help-withdraw",
        day: "form-day-effect",
        fields: &[
            must(
                "ground",
                "form-ground",
                "",
                Input::One(Choices::Of(&[
                    ("tax", "choice-ground-tax"),
                    ("inactive", "choice-ground-inactive"),
                    ("no_report", "choice-ground-no-report"),
                    ("too_few_members", "choice-ground-too-few-members"),
                    ("no_meeting", "choice-ground-no-meeting"),
                    ("other", "choice-ground-other"),
                ])),
            ),
            DECISION,
            ISSUER,
            REASON,
        ],
    },
    Form {
        kind: FilingKind::OrganisationRestore,
        path: "/to-chuc/{id}/nop/khoi-phuc",
        group: Group::End,
        help: "form-help-restore",
        day: "form-day-effect",
        fields: &ORDER,
    },
    Form {
        kind: FilingKind::OrganisationDivide,
        path: "/to-chuc/{id}/nop/chia",
        group: Group::Reorganise,
        help: "form-help-divide",
        day: "form-day-effect",
        fields: &[
            INTO_MANY,
            may("members", "form-members-staying", "form-only-where-it-goes-on", Input::Whole),
            may("capital", "form-capital-staying", "form-only-where-it-goes-on", Input::Money),
            REASON,
        ],
    },
    Form {
        kind: FilingKind::OrganisationSeparate,
        path: "/to-chuc/{id}/nop/tach",
        group: Group::Reorganise,
        help: "form-help-separate",
        day: "form-day-effect",
        fields: &[
            INTO_MANY,
            may("members", "form-members-staying", "", Input::Whole),
            may("capital", "form-capital-staying", "form-money-help", Input::Money),
            REASON,
        ],
    },
    Form {
        kind: FilingKind::OrganisationConsolidate,
        path: "/to-chuc/{id}/nop/hop-nhat",
        group: Group::Reorganise,
        help: "form-help-consolidate",
        day: "form-day-effect",
        fields: &[
            must("into", "form-into-new", "form-established-first", Input::Organisation),
            must("with", "form-with", "form-organisation-help", Input::Organisations),
            REASON,
        ],
    },
    Form {
        kind: FilingKind::OrganisationMerge,
        path: "/to-chuc/{id}/nop/sap-nhap",
        group: Group::Reorganise,
        help: "form-help-merge",
        day: "form-day-effect",
        fields: &[
            must("into", "form-into-other", "form-organisation-help", Input::Organisation),
            REASON,
        ],
    },
    Form {
        kind: FilingKind::OrganisationDuplicate,
        path: "/to-chuc/{id}/nop/trung-ho-so",
        group: Group::Record,
        help: "form-help-duplicate",
        day: "form-day-found",
        fields: &[
            must("into", "form-into-kept", "form-organisation-help", Input::Organisation),
            REASON,
        ],
    },
    Form {
        kind: FilingKind::OrganisationCorrect,
        path: "/to-chuc/{id}/nop/dinh-chinh",
        group: Group::Record,
        help: "form-help-correct",
        day: "form-day-correct",
        fields: &[must("filing", "form-filing", "form-filing-help", Input::Filing), MUST_REASON],
    },
    Form {
        kind: FilingKind::OrganisationAnnotate,
        path: "/to-chuc/{id}/nop/ghi-chu",
        group: Group::Record,
        help: "form-help-annotate",
        day: "form-day-effect",
        fields: &[
            may("filing", "form-filing", "form-filing-any-help", Input::Filing),
            must("text", "form-remark", "", Input::Sentences),
        ],
    },
    Form {
        kind: FilingKind::OrganisationPlace,
        path: "/to-chuc/{id}/nop/xac-dinh-tru-so",
        group: Group::Record,
        help: "form-help-place",
        day: "form-day-effect",
        fields: &[
            must("seat", "form-place-seat", "form-place-seat-help", Input::Commune),
            must("unit", "form-place-unit", "form-place-unit-help", Input::Commune),
            DOCUMENT_NUMBER,
            DOCUMENT_DATE,
            DOCUMENT_ISSUER,
        ],
    },
    Form {
        kind: FilingKind::MemberJoin,
        path: "/to-chuc/{id}/nop/thanh-vien-vao",
        group: Group::Members,
        help: "form-help-member-join",
        day: "form-day-from",
        fields: &[
            must("member.kind", "form-member-kind", "", Input::One(Choices::MemberKinds)),
            must("member.class", "form-member-class", "", Input::One(Choices::MemberClasses)),
            must("member.name", "form-member-name", "form-member-sealed", Input::Line),
            may(
                "member.personal_number",
                "form-member-number",
                "form-member-number-help",
                Input::Line,
            ),
            must("member.capital", "form-member-capital", "form-money-help", Input::Money),
            may("member.joined", "form-member-joined", "form-member-joined-help", Input::Day),
            may("member.born", "form-member-born", "", Input::Day),
            may("member.sex", "form-member-sex", "", Input::One(SEXES)),
            may("member.ethnicity", "form-member-ethnicity", "", Input::One(Choices::Ethnicities)),
            may("member.hardship", "form-member-hardship", "", Input::One(Choices::Hardships)),
            may("member.disabled", "form-member-disabled", "", Input::YesOrNo),
            may("member.foreign", "form-member-foreign", "", Input::YesOrNo),
            may("member.phone", "form-member-phone", "", Input::Line),
            may("member.address", "form-member-address", "", Input::Line),
        ],
    },
    Form {
        kind: FilingKind::MemberChange,
        path: "/to-chuc/{id}/nop/thanh-vien-doi",
        group: Group::Members,
        help: "form-help-member-change",
        day: "form-day-effect",
        fields: &[
            must("member", "form-member", "", Input::One(Choices::Members)),
            may("change.kind", "form-member-kind", "", Input::One(Choices::MemberKinds)),
            may("change.class", "form-member-class", "", Input::One(Choices::MemberClasses)),
            may("change.name", "form-member-name", "form-member-sealed", Input::Line),
            may(
                "change.personal_number",
                "form-member-number",
                "form-member-number-help",
                Input::Line,
            ),
            may("change.capital", "form-member-capital", "form-money-help", Input::Money),
            may("change.joined", "form-member-joined", "form-member-joined-help", Input::Day),
            may("change.born", "form-member-born", "", Input::Day),
            may("change.sex", "form-member-sex", "", Input::One(SEXES)),
            may("change.ethnicity", "form-member-ethnicity", "", Input::One(Choices::Ethnicities)),
            may("change.hardship", "form-member-hardship", "", Input::One(Choices::Hardships)),
            may("change.disabled", "form-member-disabled", "", Input::YesOrNo),
            may("change.foreign", "form-member-foreign", "", Input::YesOrNo),
            may("change.phone", "form-member-phone", "", Input::Line),
            may("change.address", "form-member-address", "", Input::Line),
        ],
    },
    Form {
        kind: FilingKind::MemberLeave,
        path: "/to-chuc/{id}/nop/thanh-vien-ra",
        group: Group::Members,
        help: "form-help-member-leave",
        day: "form-day-end",
        fields: &[
            must("member", "form-member", "", Input::One(Choices::Members)),
            must("cause", "form-member-cause", "", Input::One(Choices::LeaveCauses)),
        ],
    },
    Form {
        kind: FilingKind::MemberTransfer,
        path: "/to-chuc/{id}/nop/chuyen-nhuong-von",
        group: Group::Members,
        help: "form-help-member-transfer",
        day: "form-day-effect",
        fields: &[
            must("from", "form-member-from", "", Input::One(Choices::Members)),
            must("to", "form-member-to", "form-member-to-help", Input::One(Choices::Members)),
            must("amount", "form-member-amount", "form-money-help", Input::Money),
            may("leaves", "form-member-leaves", "", Input::YesOrNo),
        ],
    },
    Form {
        kind: FilingKind::MemberStrike,
        path: "/to-chuc/{id}/nop/rut-lai-thanh-vien",
        group: Group::Members,
        help: "form-help-member-strike",
        day: "form-day-effect",
        fields: &[must("filing", "form-filing", "form-filing-help", Input::Filing), MUST_REASON],
    },
    Form {
        kind: FilingKind::LinkSign,
        path: "/to-chuc/{id}/nop/ky-hop-dong",
        group: Group::Chain,
        help: "form-help-link-sign",
        day: "form-day-from",
        fields: &[
            must("link", "form-link-number", "form-link-number-help", Input::Line),
            must("partner_kind", "form-partner-kind", "", Input::One(Choices::Partners)),
            must("partner", "form-partner", "form-partner-help", Input::Line),
            must("partner_name", "form-partner-name", "", Input::Line),
            must("product", "form-product", "", Input::Line),
            must("stages", "form-stages", "", Input::Any(Choices::Stages)),
            may("to", "form-to", "form-to-help", Input::Day),
            may("value", "form-value", "form-money-help", Input::Money),
            may("volume.amount", "form-volume", "", Input::Whole),
            may("volume.unit", "form-volume-unit", "", Input::One(Choices::Volumes)),
            may("area", "form-area", "form-area-help", Input::Whole),
            may("proof", "form-proof", "", Input::Line),
        ],
    },
    Form {
        kind: FilingKind::LinkChange,
        path: "/to-chuc/{id}/nop/sua-hop-dong",
        group: Group::Chain,
        help: "form-help-link-change",
        day: "form-day-effect",
        fields: &[
            must("link", "form-link", "", Input::One(Choices::Links)),
            may("partner.partner_kind", "form-partner-kind", "", Input::One(Choices::Partners)),
            may("partner.partner", "form-partner", "form-partner-help", Input::Line),
            may("partner.partner_name", "form-partner-name", "", Input::Line),
            may("product", "form-product", "", Input::Line),
            may("stages", "form-stages", "", Input::Any(Choices::Stages)),
            may("to", "form-to", "", Input::Day),
            may("open_ended", "form-open-ended", "", Input::Tick),
            may("value", "form-value", "form-money-help", Input::Money),
            may("volume.amount", "form-volume", "", Input::Whole),
            may("volume.unit", "form-volume-unit", "", Input::One(Choices::Volumes)),
            may("area", "form-area", "form-area-help", Input::Whole),
            may("proof", "form-proof", "", Input::Line),
            REASON,
        ],
    },
    Form {
        kind: FilingKind::LinkEnd,
        path: "/to-chuc/{id}/nop/ket-thuc-hop-dong",
        group: Group::Chain,
        help: "form-help-link-end",
        day: "form-day-end",
        fields: &[must("link", "form-link", "", Input::One(Choices::Links)), REASON],
    },
    Form {
        kind: FilingKind::ProductCertify,
        path: "/to-chuc/{id}/nop/chung-nhan",
        group: Group::Chain,
        help: "form-help-certify",
        day: "form-day-issued",
        fields: &[
            must("certificate", "form-certificate-number", "", Input::Line),
            must("kind", "form-certificate-kind", "", Input::One(Choices::CertificateKinds)),
            must("product", "form-product", "", Input::Line),
            may("score_tenths", "form-ocop-points", "form-ocop-points-help", Input::Tenths),
            may("stars", "form-ocop-stars", "form-ocop-stars-help", Input::Whole),
            may("to", "form-to", "form-certificate-to-help", Input::Day),
            may("decision", "form-decision-or-body", "", Input::Line),
            may("renews", "form-renews", "", Input::One(Choices::Certificates)),
        ],
    },
    Form {
        kind: FilingKind::ProductWithdraw,
        path: "/to-chuc/{id}/nop/thu-hoi-chung-nhan",
        group: Group::Chain,
        help: "form-help-certificate-withdraw",
        day: "form-day-end",
        fields: &[
            must("certificate", "form-certificate", "", Input::One(Choices::Certificates)),
            MUST_REASON,
            may("decision", "form-decision", "form-decision-help", Input::Line),
        ],
    },
    Form {
        kind: FilingKind::PracticeConfirm,
        path: "/to-chuc/{id}/nop/xac-nhan-ung-dung",
        group: Group::Chain,
        help: "form-help-practice-confirm",
        day: "form-day-from",
        fields: &[
            must("practice", "form-practice", "", Input::One(Choices::Practices)),
            must("items", "form-items", "", Input::Any(Choices::Items)),
            must("confirmed_by", "form-confirmed-by", "", Input::One(Choices::Agencies)),
            may("to", "form-to", "form-to-help", Input::Day),
            may("evidence", "form-evidence", "form-evidence-help", Input::Sentences),
        ],
    },
    Form {
        kind: FilingKind::PracticeWithdraw,
        path: "/to-chuc/{id}/nop/rut-xac-nhan",
        group: Group::Chain,
        help: "form-help-practice-withdraw",
        day: "form-day-end",
        fields: &[
            must("practice", "form-practice", "", Input::One(Choices::Practices)),
            may("items", "form-items", "form-items-all-help", Input::Any(Choices::Items)),
            must("withdrawn_by", "form-withdrawn-by", "", Input::One(Choices::Agencies)),
            MUST_REASON,
        ],
    },
    Form {
        kind: FilingKind::PromotionAttend,
        path: "/to-chuc/{id}/nop/xuc-tien-thuong-mai",
        group: Group::Chain,
        help: "form-help-promotion",
        day: "form-day-attended",
        fields: &[must("event", "form-event", "form-event-help", Input::Line)],
    },
    Form {
        kind: FilingKind::UnionJoin,
        path: "/to-chuc/{id}/nop/gia-nhap-lien-hiep",
        group: Group::Chain,
        help: "form-help-union-join",
        day: "form-day-from",
        fields: &[must("union", "form-union", "", Input::One(Choices::Unions))],
    },
    Form {
        kind: FilingKind::UnionLeave,
        path: "/to-chuc/{id}/nop/ra-khoi-lien-hiep",
        group: Group::Chain,
        help: "form-help-union-leave",
        day: "form-day-end",
        fields: &[must("union", "form-union", "", Input::One(Choices::Unions))],
    },
    Form {
        kind: FilingKind::SupportApply,
        path: "/to-chuc/{id}/nop/de-nghi-ho-tro",
        group: Group::Support,
        help: "form-help-support-apply",
        day: "form-day-applied",
        fields: &[
            must("programme", "form-programme", "", Input::One(Choices::Programmes)),
            must("application", "form-application-number", "", Input::Line),
            must("amount", "form-amount-asked", "form-money-help", Input::Money),
            must("purpose", "form-purpose", "", Input::Sentences),
            may("no_penalty", "form-no-penalty", "", Input::YesOrNo),
        ],
    },
    Form {
        kind: FilingKind::SupportDecide,
        path: "/to-chuc/{id}/nop/quyet-dinh-ho-tro",
        group: Group::Support,
        help: "form-help-support-decide",
        day: "form-day-decided",
        fields: &[
            APPLICATION,
            must("approved", "form-approved", "", Input::YesOrNo),
            may("amount", "form-amount-granted", "form-money-help", Input::Money),
            DOCUMENT_NUMBER,
            DOCUMENT_DATE,
            DOCUMENT_ISSUER,
            REASON,
        ],
    },
    Form {
        kind: FilingKind::SupportPay,
        path: "/to-chuc/{id}/nop/chi-ho-tro",
        group: Group::Support,
        help: "form-help-support-pay",
        day: "form-day-paid",
        fields: &[
            APPLICATION,
            must("amount", "form-amount-paid", "form-money-help", Input::Money),
            must("document", "form-payment-document", "", Input::Line),
            REASON,
        ],
    },
    Form {
        kind: FilingKind::SupportRepay,
        path: "/to-chuc/{id}/nop/thu-hoi-ho-tro",
        group: Group::Support,
        help: "form-help-support-repay",
        day: "form-day-paid",
        fields: &[
            APPLICATION,
            must("amount", "form-amount-repaid", "form-money-help", Input::Money),
            must("document", "form-payment-document", "", Input::Line),
            REASON,
        ],
    },
    Form {
        kind: FilingKind::SupportCancel,
        path: "/to-chuc/{id}/nop/huy-ho-tro",
        group: Group::Support,
        help: "form-help-support-cancel",
        day: "form-day-effect",
        fields: &[APPLICATION, MUST_REASON],
    },
];

/// The form of a kind.
pub(crate) fn of(kind: FilingKind) -> Option<&'static Form> {
    std::iter::once(&ESTABLISH).chain(&FORMS).find(|form| form.kind == kind)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hoptac_model::filing::schema;
    use hoptac_model::text::Language;
    use serde_json::Value;

    use super::*;
    use crate::language::Voice;

    /// The fields of a schema that hold a value, with whether each must be there wherever what it belongs to is there.
    fn leaves(schema: &Value, path: &str, must: bool, found: &mut Vec<(String, bool)>) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            found.push((path.to_owned(), must));
            return;
        };
        let required: Vec<&str> = schema["required"]
            .as_array()
            .map_or_else(Vec::new, |names| names.iter().filter_map(Value::as_str).collect());
        for (name, below) in properties {
            let below_path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            leaves(below, &below_path, must && required.contains(&name.as_str()), found);
        }
    }

    #[test]
    fn every_form_has_the_fields_of_its_kind() {
        for form in std::iter::once(&ESTABLISH).chain(&FORMS) {
            // What is personal is sealed on the way; those forms are held to what the office reads.
            if form.group == Group::Members {
                continue;
            }
            let mut wanted = Vec::new();
            leaves(&schema::of(form.kind), "", true, &mut wanted);
            // What an earlier filing should have said is filled in on that filing's own form.
            wanted
                .retain(|(path, _)| form.kind != FilingKind::OrganisationCorrect || path != "body");
            let got: BTreeSet<&str> = form.fields.iter().map(|field| field.name).collect();
            let want: BTreeSet<&str> = wanted.iter().map(|(path, _)| path.as_str()).collect();
            assert_eq!(got, want, "{}", form.kind.code());
            for (path, must) in &wanted {
                let field = form.fields.iter().find(|field| field.name == path).unwrap();
                // A text that the type lets be absent may still be one that the rules ask for.
                assert!(field.must || !must, "{} {path} must be filled in", form.kind.code());
            }
        }
    }
    #[test]
    fn forms_of_members_have_the_fields_that_the_office_reads() {
        let want: BTreeSet<&str> = hoptac_model::member::form::FIELDS.into_iter().collect();
        for (kind, prefix) in
            [(FilingKind::MemberJoin, "member."), (FilingKind::MemberChange, "change.")]
        {
            let fields = of(kind).unwrap().fields.iter();
            let got: BTreeSet<&str> =
                fields.filter_map(|field| field.name.strip_prefix(prefix)).collect();
            assert_eq!(got, want, "{}", kind.code());
        }
    }
    #[test]
    fn every_fixed_choice_is_one_of_the_kind_and_all_are_offered() {
        for form in std::iter::once(&ESTABLISH).chain(&FORMS) {
            for field in form.fields.iter().filter(|_| form.group != Group::Members) {
                let Input::One(Choices::Of(offered)) = field.input else { continue };
                let schema = schema::of(form.kind);
                let words = schema["properties"][field.name]["enum"].as_array().unwrap().clone();
                let want: BTreeSet<&str> = words.iter().filter_map(Value::as_str).collect();
                let got: BTreeSet<&str> = offered.iter().map(|(code, _)| *code).collect();
                assert_eq!(got, want, "{} {}", form.kind.code(), field.name);
            }
        }
    }
    #[test]
    fn every_form_says_everything_in_both_languages() {
        for form in std::iter::once(&ESTABLISH).chain(&FORMS) {
            let fields = form.fields.iter().flat_map(|field| [field.label, field.help]);
            let mut keys: Vec<&str> =
                fields.chain([form.help, form.day, form.group.key()]).collect();
            for field in form.fields {
                if let Input::One(Choices::Of(offered)) = field.input {
                    keys.extend(offered.iter().map(|(_, key)| *key));
                }
            }
            for key in keys.into_iter().filter(|key| !key.is_empty()) {
                for language in [Language::Vi, Language::En] {
                    assert_ne!(Voice(language).say(key), key, "{}", form.kind.code());
                }
            }
        }
    }
    #[test]
    fn every_filing_about_the_life_of_an_organisation_has_a_form() {
        for kind in FilingKind::ALL.iter().filter(|kind| kind.code().starts_with("organisation.")) {
            assert!(of(*kind).is_some(), "{}", kind.code());
        }
    }
    #[test]
    fn addresses_are_different() {
        let paths: BTreeSet<&str> = FORMS.iter().map(|form| form.path).collect();
        assert_eq!(paths.len(), FORMS.len());
    }
}
