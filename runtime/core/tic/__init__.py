"""What French meters send by themselves, the téléinformation client: groups, check sums, telegrams, labels.

Deterministic: bytes in, telegrams out. (source: Enedis-NOI-CPT_02E for meters before Linky, NOI-CPT_54E for Linky)
"""
