//! The records of the register, packed.

use std::sync::Arc;

use crate::filing::event::Way;
use crate::ids::{OrganisationId, UnitId};
use crate::linkage::{Volume, VolumeUnit};
use crate::member::Tally;
use crate::organisation::{Grade, Kind, Organisation, Sector, Status};
use crate::packed;
use crate::register::{
    Adoption, AnnualReturn, Certificate, GradeDecision, Link, Membership, Partner, PartnerKind,
    Practice, Promotion, Register, ReturnColumn, RollCount, SeatDecision, Stage, State,
};
use crate::support::{Application, Decided, Payment};
use crate::whole::{Thousand, Wholes};
use uuid::Uuid;

packed!(OrganisationId(Uuid));
packed!(UnitId(Arc<str>));

packed!(Kind | Group | Cooperative | Union);
packed!(
    Status | Operating | Suspended | NotAtAddress | Withdrawn | Closing | Bankrupt | Terminated
);
packed!(Sector | Agricultural | NonAgricultural);
packed!(Grade | Weak | Average | Fair | Good);
packed!(Way | Divided | Separated | Consolidated | Merged | Duplicate);
packed!(Stage | Input | Production | Harvest | Processing | Sale);
packed!(PartnerKind | Enterprise | Organisation);
packed!(Practice | HighTechnology | Digital | DirectExport);
packed!(VolumeUnit | Kg | Litre | CubicMetre | Piece);

packed!(
    Wholes
        | Tiny(values: Vec<i8>)
        | Short(values: Vec<i16>)
        | Small(values: Vec<i32>)
        | Thousands(values: Vec<Thousand>)
        | Wide(values: Vec<i64>)
);

packed!(Volume { amount, unit });
packed!(Tally {
    women,
    men,
    minority,
    majority,
    poor,
    near_poor,
    not_poor,
    disabled,
    not_disabled,
    groups,
});

packed!(Organisation { id, code, name, founded_on, synthetic });
packed!(State {
    organisation,
    from,
    position,
    kind,
    status,
    seat,
    seat_former,
    sector,
    vsic,
    difficult_area,
    members,
    capital,
});
packed!(ReturnColumn { name, values });
packed!(AnnualReturn { organisation, year, on, late, row });
packed!(GradeDecision { organisation, year, on, ruleset, score_tenths, grade });
packed!(Partner { key, name, kind, organisation });
packed!(Link {
    organisation,
    link,
    signed_on,
    partner,
    product,
    stages,
    from,
    to,
    value,
    volume,
    area,
    proof,
});
packed!(Certificate {
    organisation,
    certificate,
    product,
    kind,
    stars,
    from,
    to,
    score_tenths,
    withdrawn_on,
    renews,
    decision,
});
packed!(Adoption { organisation, practice, item, from, to, confirmed_by, evidence });
packed!(Promotion { organisation, on });
packed!(Payment { on, amount, document });
packed!(Decided { on, approved, granted, document });
packed!(Application {
    application,
    programme,
    on,
    requested,
    purpose,
    no_penalty,
    decision,
    cancelled_on,
    payments,
});
packed!(Membership { organisation, union, from, to });
packed!(SeatDecision { organisation, seat, unit, position });
packed!(RollCount { organisation, on, tally });

packed!(Register {
    position,
    organisations,
    states,
    return_columns,
    returns,
    grades,
    links,
    certificates,
    adoptions,
    promotions,
    supports,
    memberships,
    seat_decisions,
    roll_spans,
    roll_counts,
});
