//! What the inputs are made of.

pub(crate) const PIECES: &[&str] = &[
    "\u{feff}",
    "\r\n",
    "\n",
    "\0",
    "\u{202e}",
    "\u{200b}",
    "\u{1b}[2J",
    "=",
    "==",
    "[",
    "]",
    "[profile ",
    "]\n",
    "#",
    ";",
    " ",
    "\t",
    ":",
    "::",
    "/",
    "//",
    "..",
    "%2F",
    "%00",
    "%",
    "&",
    "&amp;",
    "?",
    "{",
    "}",
    "{user}",
    "{date}",
    "'",
    "\"",
    "\\",
    "$(",
    "`",
    "|",
    "🐱",
    "é",
    "１",
    "0",
    "9999999999",
    "-1",
    "h",
    "m",
    "s",
    "arn:aws:iam::",
    ":role/",
    "source_profile = a\n",
    "role_arn = ",
    "https://",
    "@",
    ",",
    "*",
    "<",
    ">",
    "__proto__",
    "guise credential-process ",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

pub(crate) const PROFILES: &[&str] = &[
    "[default]\nregion = eu-west-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
    "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/team/Admin\nsource_profile = default\nmfa_serial = arn:aws:iam::111122223333:mfa/ada\nduration_seconds = 3600 # an hour\nsession_tags = a=b,c=d\n",
    "[profile b]\r\nrole_arn = arn:aws:iam::111122223333:role/x\r\nsource_profile = a\r\n[profile b]\r\nexternal_id = x:y\r\n",
    "[sso-session corp]\nsso_region = eu-west-1\n[profile c]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\ns3 =\n  max = 1\n",
    "[profile d]\ncredential_process = /usr/bin/env guise credential-process x\n[profile e]\nrole_arn = x\nsource_profile = e\n",
];

pub(crate) const EXTENSION: &[&str] = &[
    "[org] ; base\naws_account_id = 111122223333\nrole_name = Me\ntarget_role_name = Ops/Target\ntarget_region=eu-west-1\n[profile One]\naws_account_id=444455556666 # x\nsource_profile = org\ncolor = ff0000\n",
    "[three]\nrole_arn = arn:aws-cn:iam::444455556666:role/a/b\nimage = \"https://x/y\"\n",
];

pub(crate) const LINKS: &[&str] = &[
    "https://signin.aws.amazon.com/switchrole?account=123456789012&roleName=team%2Fops%2FDev%2B1&displayName=Prod%20%7C%20Dev&color=F2B0A9\n",
    "<a href=\"https://eu-west-1.signin.aws.amazon.com/switchrole?account=123456789012&amp;roleName=Admin\">x</a>",
    "https://signin.amazonaws-us-gov.com/switchrole?account=123456789012&roleName=r&redirect_uri=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3",
];

pub(crate) const PASTED: &[&str] = &[
    "https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:v=3;$case=tags:true",
    "https://eu-west-1.console.aws.amazon.com/s3/\u{202e}gpj.exe?region=eu-west-1",
    "eu-west-1.console.aws.amazon.com/s3/buckets/acme-logs?region=eu-west-1&tab=objects",
    "<https://signin.aws.amazon.com/switchrole?account=acme&roleName=team%2Fops%2FDev%2B1&redirect_uri=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3>",
    "https://acme.awsapps.com/start/#/console?account_id=111122223333&role_name=Dev&destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fec2",
    "arn:aws:lambda:eu-west-1:111122223333:function:acme-pay",
    "arn:aws:sts::111122223333:assumed-role/Dev/alice",
    "1111-2222-3333",
];

pub(crate) const ARNS: &[&str] = &[
    "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS",
    "arn:aws-us-gov:iam::111122223333:role/team/ops/Dev+1",
    "arn:aws-eusc:iam::111122223333:user/ada",
    "arn:aws:sts::111122223333:assumed-role/Dev/alice",
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
];

pub(crate) const REGIONS: &[&str] =
    &["eu-west-1", "us-gov-east-1", "eusc-de-east-1", "cn-north-1", "xx-new-1", "us-west-2-1"];

pub(crate) const ACCOUNTS: &[&str] = &["111122223333", "000000000000", "999999999999"];

pub(crate) const KEY_IDS: &[&str] = &["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"];

pub(crate) const VAULT: &[&str] = &[
    "{\"AccessKeyID\":\"AKIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\",\"SessionToken\":\"\"}",
    "{\"Key\":\"work\",\"Data\":\"eyJBY2Nlc3NLZXlJRCI6IkFLSUFJT1NGT0ROTjdFWEFNUExFIiwiU2VjcmV0QWNjZXNzS2V5Ijoid0phbHJYVXRuRkVNSS9LN01ERU5HL2JQeFJmaUNZRVhBTVBMRUtFWSJ9\"}",
    "work\nacme/prod\nsts.GetSessionToken,d29yaw,YXJu,1764000000\noidc:https://acme.awsapps.com/start",
];

pub(crate) const DURATIONS: &[&str] = &["1h", "90m", "3600s", "1h30m", "43200", "12h0m0s"];

pub(crate) const TAGS: &[&str] = &["team=ops", "cost centre=größe", "a_.:/=+-@=x", "k="];

pub(crate) const SESSION_NAMES: &[&str] = &["{user}", "{user}@{host}-{date}", "alice@example.com", "=,.@-+_"];

pub(crate) const DESTINATIONS: &[&str] = &[
    "ec2",
    "ec2/home#Instances:",
    "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:",
    "https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/s3/buckets?region=eu-west-1",
    "http://127.0.0.1:8080/console/home",
    "https://eu-west-1.console.aws.amazon.com.evil.example/ec2",
    "https://evil.example/console.aws.amazon.com",
    "https://evilconsole.aws.amazon.com/ec2",
];

pub(crate) const COMMANDS: &[&str] = &[
    "guise credential-process prod",
    "sh -c 'exec \"/usr/bin/guise\" credential-process prod'",
    "C:\\Guise\\guise.exe credential-process prod",
    "/opt/helper --profile x | cat",
];

pub(crate) const POLICIES: &[&str] = &[
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}",
    "{}",
];

pub(crate) const CATALOGS: &[&str] = &[
    "[sources.ada]\naccess_key_id = \"AKIASIMULATEDADA2222\"\narn = \"arn:aws:iam::111122223333:user/ada\"\naccount = \"111122223333\"\n\
     [roles.ec2]\narn = \"arn:aws:iam::111122223333:role/Ec2\"\nsource = \"ada\"\nduration = \"2h\"\ntags = { team = \"ops\" }\n\
     [roles.hub]\narn = \"arn:aws:iam::444455556666:role/Hub\"\nvia = \"ec2\"\nproduction = true\nread_only = false\n\
     [accounts.444455556666]\nname = \"acme-prod\"\nenvironment = \"production\"\ncolour = \"teal\"\n\
     [settings]\nproduction_confirm = \"word\"\nclipboard_seconds = 20\nfavourites = [\"hub\"]\n",
    "[roles]\nx = 5\n[accounts.\"4444 5555 6666\"]\nproduction = \"yes\"\n[roles.y]\nkind = \"newer\"\nproduction = 1\n",
];
