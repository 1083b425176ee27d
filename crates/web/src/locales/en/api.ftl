# The interface for programs.
api-heading = Interface for programs (API)
api-intro = Everything that the pages show can be fetched here as JSON, and filings can be handed in. Tokens are made on the account's page; a token can never do more than its account.
api-contents = Contents
api-parameters = Parameters
api-answer = Fields of the answer
api-needs = Permission:
api-problems = Kinds of problems
api-problems-help = Problems come as application/problem+json: the sentence stands in detail, each thing in errors with the path of its field. Sentences come in the language of Accept-Language.
api-problem = Kind
api-status = HTTP status
api-meaning = Meaning
