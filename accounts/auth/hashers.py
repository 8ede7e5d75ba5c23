from django.contrib.auth.hashers import Argon2PasswordHasher


class VillageArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at OWASP's first choice (19 MiB, 2 passes, 1 lane): about 20 ms of one core.

    Django's own parameters take 100 MiB and eight lanes, and a class of sixty signs in within ten seconds
    on two cores.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
