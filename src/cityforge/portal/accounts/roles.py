"""The roles, in both languages, and the kind of organisation each belongs to."""

from cityforge.brain.errors import Text

LEADER, ANALYST = "leader", "analyst"
REPORTER, CHECKER = "bureau_reporter", "bureau_checker"
DISTRICT_OFFICER, PARK_OFFICER = "district_officer", "park_officer"
ENTERPRISE_ADMIN, ENTERPRISE_CLERK = "enterprise_admin", "enterprise_clerk"
AUDITOR, SECURITY_ADMIN, SYSTEM_ADMIN = "auditor", "security_admin", "system_admin"

ROLES: dict[str, Text] = {
    LEADER: Text(zh="领导", en="leader"),
    ANALYST: Text(zh="分析员", en="analyst"),
    REPORTER: Text(zh="部门填报员", en="bureau reporter"),
    CHECKER: Text(zh="部门审核员", en="bureau checker"),
    DISTRICT_OFFICER: Text(zh="市（区）经办", en="district officer"),
    PARK_OFFICER: Text(zh="园区经办", en="park officer"),
    ENTERPRISE_ADMIN: Text(zh="企业管理员", en="enterprise admin"),
    ENTERPRISE_CLERK: Text(zh="企业经办", en="enterprise clerk"),
    AUDITOR: Text(zh="审计员", en="auditor"),
    SECURITY_ADMIN: Text(zh="安全管理员", en="security admin"),
    SYSTEM_ADMIN: Text(zh="系统管理员", en="system admin"),
}
CITY, BUREAU, DISTRICT, PARK, ENTERPRISE = "city", "bureau", "district", "park", "enterprise"
KINDS: dict[str, Text] = {
    CITY: Text(zh="市", en="city"),
    BUREAU: Text(zh="部门", en="bureau"),
    DISTRICT: Text(zh="市（区）", en="district"),
    PARK: Text(zh="园区", en="park"),
    ENTERPRISE: Text(zh="企业", en="enterprise"),
}
BELONGS: dict[str, tuple[str, ...]] = {
    LEADER: (CITY, DISTRICT),
    ANALYST: (CITY, BUREAU, DISTRICT),
    REPORTER: (BUREAU,),
    CHECKER: (BUREAU,),
    DISTRICT_OFFICER: (DISTRICT,),
    PARK_OFFICER: (PARK,),
    ENTERPRISE_ADMIN: (ENTERPRISE,),
    ENTERPRISE_CLERK: (ENTERPRISE,),
    AUDITOR: (CITY,),
    SECURITY_ADMIN: (CITY,),
    SYSTEM_ADMIN: (CITY,),
}
# The three administrators (三员) are apart: nobody may hold two of these at a time.
APART = (SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR)
