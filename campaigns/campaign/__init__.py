"""A campaign, its anchors, people and log.

Owns Campaign, Store, CampaignStage, CampaignMember and CampaignEvent; reads staff; leaves the events that logs show.
"""
